/// Walking through bytes that are mostly UTF-8, as Go's `range` over a string does: what is none counts as U+FFFD, byte by byte.
enum UTF8Text {
    static let replacement: UInt32 = 0xFFFD

    /// The scalar that begins at `index` and how many bytes it takes; at least 1. `isValid` tells U+FFFD from what is no UTF-8.
    static func scalar(in bytes: some RandomAccessCollection<UInt8>, at offset: Int) -> (
        scalar: UInt32, length: Int, isValid: Bool
    ) {
        func byte(_ distance: Int) -> UInt8? {
            guard offset + distance < bytes.count else { return nil }
            return bytes[bytes.index(bytes.startIndex, offsetBy: offset + distance)]
        }
        guard let first = byte(0) else { return (replacement, 1, false) }
        if first < 0x80 { return (UInt32(first), 1, true) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first < 0xF5 else { return (replacement, 1, false) }
        var scalar = UInt32(first) & (0x7F >> UInt32(length))
        for distance in 1..<length {
            guard let next = byte(distance), next & 0xC0 == 0x80 else { return (replacement, 1, false) }
            scalar = scalar << 6 | UInt32(next & 0x3F)
        }
        let least: UInt32 = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80
        guard scalar >= least, Unicode.Scalar(scalar) != nil else { return (replacement, 1, false) }
        return (scalar, length, true)
    }

    static func scalars(of bytes: [UInt8]) -> [UInt32] {
        var scalars: [UInt32] = []
        var index = 0
        while index < bytes.count {
            let next = scalar(in: bytes, at: index)
            scalars.append(next.scalar)
            index += next.length
        }
        return scalars
    }

    static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
    }

    static func bytes(of scalars: some Sequence<UInt32>) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in scalars { append(scalar, to: &bytes) }
        return bytes
    }

    /// Go's `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols, and the blank.
    static func isPrintable(_ scalar: UInt32) -> Bool {
        if scalar < 0x7F { return scalar >= 0x20 }
        guard let scalar = Unicode.Scalar(scalar) else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            return false
        default: return true
        }
    }

    static func isLetter(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return (scalar | 0x20) &- 0x61 < 26 }
        switch Unicode.Scalar(scalar)?.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    static func isNumber(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return scalar &- 0x30 < 10 }
        switch Unicode.Scalar(scalar)?.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: return true
        default: return false
        }
    }

    static func isDigit(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return scalar &- 0x30 < 10 }
        return Unicode.Scalar(scalar)?.properties.generalCategory == .decimalNumber
    }

    static func isSpace(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09...0x0D, 0x20, 0x85, 0xA0: true
        default: scalar > 0xFF && Unicode.Scalar(scalar)?.properties.isWhitespace == true
        }
    }

    static func isUpper(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return scalar &- 0x41 < 26 }
        return Unicode.Scalar(scalar)?.properties.generalCategory == .uppercaseLetter
    }

    static func isLower(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return scalar &- 0x61 < 26 }
        return Unicode.Scalar(scalar)?.properties.generalCategory == .lowercaseLetter
    }

    /// Go maps one character to one: those whose counterpart is several, such as ß, stay.
    static func upper(_ scalar: UInt32) -> UInt32 { mapped(scalar) { $0.uppercaseMapping } }
    static func lower(_ scalar: UInt32) -> UInt32 {
        // I with a dot is one letter for Go.
        scalar == 0x130 ? 0x69 : mapped(scalar) { $0.lowercaseMapping }
    }
    static func title(_ scalar: UInt32) -> UInt32 { mapped(scalar) { $0.titlecaseMapping } }

    private static func mapped(_ scalar: UInt32, _ mapping: (Unicode.Scalar.Properties) -> String) -> UInt32 {
        guard let properties = Unicode.Scalar(scalar)?.properties else { return scalar }
        let scalars = mapping(properties).unicodeScalars
        guard scalars.count == 1, let first = scalars.first else { return scalar }
        return first.value
    }
}
