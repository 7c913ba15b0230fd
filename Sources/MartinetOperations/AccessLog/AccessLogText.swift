import NIOCore

/// Writing numbers and foreign bytes into a line.
extension ByteBuffer {
    mutating func writeDecimal(_ value: UInt64) {
        var rest = value
        // At most 20 digits, from the last to the first.
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { scratch in
            var index = scratch.count
            repeat {
                index -= 1
                scratch[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            writeBytes(UnsafeRawBufferPointer(rebasing: scratch[index...]))
        }
    }

    /// For the common format: quotes, backslashes and control bytes are escaped, so that a client cannot write lines of its own.
    mutating func writeCommonEscaped(_ bytes: UnsafeRawBufferPointer) {
        var clean = 0
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F else { continue }
            writeBytes(UnsafeRawBufferPointer(rebasing: bytes[clean..<index]))
            clean = index + 1
            writeInteger(UInt8(ascii: "\\"))
            if byte == 0x22 || byte == 0x5C {
                writeInteger(byte)
            } else {
                writeInteger(UInt8(ascii: "x"))
                writeHexadecimal(byte)
            }
        }
        writeBytes(UnsafeRawBufferPointer(rebasing: bytes[clean...]))
    }

    mutating func writeCommonEscaped(_ text: String) {
        var text = text
        text.withUTF8 { writeCommonEscaped(UnsafeRawBufferPointer($0)) }
    }

    /// The inside of a JSON string, escaped as Traefik does: besides what JSON demands also `<`, `>`, `&` and the two Unicode
    /// line separators. Each byte that is not part of UTF-8 becomes U+FFFD.
    mutating func writeJSONEscaped(_ bytes: UnsafeRawBufferPointer) {
        var clean = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                if Self.isPlainInJSON(byte) {
                    index += 1
                    continue
                }
                writeBytes(UnsafeRawBufferPointer(rebasing: bytes[clean..<index]))
                writeJSONEscape(of: byte)
                index += 1
            } else {
                let length = UTF8Sequence.length(at: index, in: bytes)
                let isSeparator =
                    length == 3 && byte == 0xE2 && bytes[index + 1] == 0x80 && bytes[index + 2] & 0xFE == 0xA8
                if length > 0, !isSeparator {
                    index += length
                    continue
                }
                writeBytes(UnsafeRawBufferPointer(rebasing: bytes[clean..<index]))
                if isSeparator {
                    writeStaticString(bytes[index + 2] == 0xA8 ? "\\u2028" : "\\u2029")
                    index += length
                } else {
                    writeStaticString("\\ufffd")
                    index += 1
                }
            }
            clean = index
        }
        writeBytes(UnsafeRawBufferPointer(rebasing: bytes[clean...]))
    }

    mutating func writeJSONEscaped(_ text: String) {
        var text = text
        text.withUTF8 { writeJSONEscaped(UnsafeRawBufferPointer($0)) }
    }

    private static func isPlainInJSON(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, 0x22, 0x26, 0x3C, 0x3E, 0x5C: false
        default: true
        }
    }

    private mutating func writeJSONEscape(of byte: UInt8) {
        switch byte {
        case 0x22: writeStaticString("\\\"")
        case 0x5C: writeStaticString("\\\\")
        case 0x08: writeStaticString("\\b")
        case 0x09: writeStaticString("\\t")
        case 0x0A: writeStaticString("\\n")
        case 0x0C: writeStaticString("\\f")
        case 0x0D: writeStaticString("\\r")
        default:
            writeStaticString("\\u00")
            writeHexadecimal(byte)
        }
    }

    private mutating func writeNibble(_ nibble: UInt8) {
        writeInteger(nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble)
    }

    private mutating func writeHexadecimal(_ byte: UInt8) {
        writeNibble(byte >> 4)
        writeNibble(byte & 15)
    }
}
