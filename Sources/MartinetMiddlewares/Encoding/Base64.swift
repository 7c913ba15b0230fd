import NIOCore

/// Base64 with padding (RFC 4648 §4) of whole texts and of bodies that come in pieces.
enum Base64 {
    /// Decodes pieces that may end anywhere. Line ends are ignored; padding ends the whole, as in Go, whose decoder Traefik uses.
    struct Decoder {
        /// The characters of the current four, 6 bits each.
        private var bits: UInt32 = 0
        private var count = 0
        private var padding = 0
        private var isOver = false

        /// Whether nothing is missing behind what came.
        var isWhole: Bool { count == 0 }

        /// Appends what `text` decodes to. Returns false if it is not Base64, and then there is no use in going on.
        mutating func decode(_ text: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Bool {
            out.reserveCapacity(minimumWritableBytes: text.count / 4 * 3 + 3)
            for character in text where character != UInt8(ascii: "\n") && character != UInt8(ascii: "\r") {
                guard !isOver else { return false }
                if character == UInt8(ascii: "=") {
                    guard count >= 2 else { return false }
                    padding += 1
                    bits <<= 6
                } else {
                    guard padding == 0, let value = Self.value(of: character) else { return false }
                    bits = bits << 6 | value
                }
                count += 1
                if count == 4 { end(to: &out) }
            }
            return true
        }

        /// Writes the octets of four characters.
        private mutating func end(to out: inout ByteBuffer) {
            out.writeInteger(UInt8(truncatingIfNeeded: bits >> 16))
            if padding < 2 { out.writeInteger(UInt8(truncatingIfNeeded: bits >> 8)) }
            if padding < 1 { out.writeInteger(UInt8(truncatingIfNeeded: bits)) }
            isOver = padding > 0
            (bits, count) = (0, 0)
        }

        private static func value(of character: UInt8) -> UInt32? {
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
            case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
            case UInt8(ascii: "+"): 62
            case UInt8(ascii: "/"): 63
            default: nil
            }
        }
    }

    /// A whole text; nil when it is not Base64.
    static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        var decoder = Decoder()
        var out = ByteBuffer()
        guard decoder.decode(text, to: &out), decoder.isWhole else { return nil }
        return Array(out.readableBytesView)
    }

    static func encode(_ bytes: [UInt8]) -> String {
        var out = ByteBuffer()
        bytes.withUnsafeBytes { encode($0, to: &out) }
        return String(buffer: out)
    }

    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// Appends `bytes`, padded.
    static func encode(_ bytes: UnsafeRawBufferPointer, to out: inout ByteBuffer) {
        out.writeWithUnsafeMutableBytes(minimumWritableBytes: (bytes.count + 2) / 3 * 4) { target in
            alphabet.withUTF8Buffer { alphabet in
                var written = 0
                var index = 0
                while index < bytes.count {
                    let left = min(3, bytes.count - index)
                    var bits = UInt32(bytes[index]) << 16
                    if left > 1 { bits |= UInt32(bytes[index + 1]) << 8 }
                    if left > 2 { bits |= UInt32(bytes[index + 2]) }
                    for character in 0..<4 {
                        let value = Int(bits >> UInt32(18 - 6 * character)) & 63
                        target[written] = character <= left ? alphabet[value] : UInt8(ascii: "=")
                        written += 1
                    }
                    index += left
                }
                return written
            }
        }
    }
}
