import MartinetHTTP

/// Paths as the configuration writes them.
enum PathText {
    /// `path` with what would end a path, or is no part of one, percent-encoded; escapes that are there stay.
    static func escaped(_ path: some Sequence<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        for byte in path {
            if mustBeEscaped(byte) {
                let digits = Percent.digits.bytes
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                out.append(byte)
            }
        }
        return out
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F...: true
        case UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"): true
        case UInt8(ascii: "\\"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"),
            UInt8(ascii: "}"):
            true
        default: false
        }
    }

    /// Whether ``escaped(_:)`` leaves `path` as it is, and it has no escapes.
    static func isPlain(_ path: UnsafeRawBufferPointer) -> Bool {
        path.allSatisfy { !mustBeEscaped($0) && $0 != UInt8(ascii: "%") }
    }

    /// The first escape that is none, `%zz` or a `%` at the end; nil when all are well-formed.
    static func brokenEscape(_ path: UnsafeRawBufferPointer) -> String? {
        var index = 0
        while index < path.count {
            guard path[index] == UInt8(ascii: "%") else {
                index += 1
                continue
            }
            guard index + 2 < path.count, Percent.decode(path[index + 1], path[index + 2]) != nil else {
                return String(decoding: path[index..<min(index + 3, path.count)], as: UTF8.self)
            }
            index += 3
        }
        return nil
    }

    /// Go's words for it, which are the body of the answer.
    static func complaint(_ escape: String) -> String { "invalid URL escape \(escape.debugDescription)" }

    /// Control characters percent-encoded, everything else as it is.
    static func withoutControls(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Percent.digits.bytes
        return bytes.flatMap { byte in
            byte < 0x20 || byte == 0x7F ? [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]] : [byte]
        }
    }
}
