/// Which percent-encoded characters a path may hold (Traefik's `encodedCharacters`): backends that decode them see another
/// path than the one that was routed.
package struct EncodedCharacterPolicy: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let slash = EncodedCharacterPolicy(rawValue: 1)
    package static let backSlash = EncodedCharacterPolicy(rawValue: 2)
    package static let nullCharacter = EncodedCharacterPolicy(rawValue: 4)
    package static let semicolon = EncodedCharacterPolicy(rawValue: 8)
    package static let percent = EncodedCharacterPolicy(rawValue: 16)
    package static let questionMark = EncodedCharacterPolicy(rawValue: 32)
    package static let hash = EncodedCharacterPolicy(rawValue: 64)
    package static let all = EncodedCharacterPolicy(rawValue: 127)

    /// Whether `path`, escaped and well-formed, holds none of the escapes that are not allowed.
    package func allows(_ path: UnsafeRawBufferPointer) -> Bool {
        guard self != .all else { return true }
        var index = 0
        while index + 2 < path.count {
            guard path[index] == 0x25 else {
                index += 1
                continue
            }
            if let byte = Percent.decode(path[index + 1], path[index + 2]), !contains(Self.option(byte)) {
                return false
            }
            index += 3
        }
        return true
    }

    private static func option(_ byte: UInt8) -> EncodedCharacterPolicy {
        switch byte {
        case 0x2F: .slash
        case 0x5C: .backSlash
        case 0x00: .nullCharacter
        case 0x3B: .semicolon
        case 0x25: .percent
        case 0x3F: .questionMark
        case 0x23: .hash
        default: []
        }
    }
}

/// Percent-encoding of single bytes (RFC 3986 §2.1).
package enum Percent {
    /// The byte two hex digits stand for.
    @inline(__always)
    package static func decode(_ high: UInt8, _ low: UInt8) -> UInt8? {
        guard let high = nibble(high), let low = nibble(low) else { return nil }
        return high << 4 | low
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        if byte &- 0x30 < 10 { return byte &- 0x30 }
        let letter = byte | 0x20
        return letter &- 0x61 < 6 ? letter &- 0x61 &+ 10 : nil
    }

    /// Letters, digits, `-._~`: escaping them changes nothing (RFC 3986 §2.3).
    package static func isUnreserved(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D || byte == 0x2E || byte == 0x5F || byte == 0x7E
    }

    /// Characters whose escapes routing leaves alone: RFC 3986 §2.2's reserved ones, and the percent sign itself.
    package static func isReserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C, 0x2F, 0x3A, 0x3B, 0x3D, 0x3F, 0x40, 0x5B,
            0x5D:
            true
        default: false
        }
    }

    package static let digits: StaticString = "0123456789ABCDEF"
}
