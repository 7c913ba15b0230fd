/// Which bytes may stand where (RFC 9110 §5.6.2 and §5.5, RFC 3986). Membership is a shift and a mask, without memory.
enum ByteClass {
    /// A set of ASCII characters as two words.
    struct Set {
        let low: UInt64
        let high: UInt64

        @inline(__always)
        func contains(_ byte: UInt8) -> Bool {
            byte < 64 ? (low >> UInt64(byte)) & 1 != 0 : byte < 128 && (high >> UInt64(byte &- 64)) & 1 != 0
        }
    }

    // Written as words, so that they are constants and not made at first use.

    /// Characters of a field name or method: letters, digits and ``!#$%&'*+-.^_`|~``.
    static let token = Set(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
    /// Characters of a Host value: letters, digits and `!$%&'()*+-.:;=[]_~`. No comma: a list of hosts is no host. No `@`: nor are
    /// credentials.
    static let host = Set(low: 0x2FFF_6FF2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFE)

    /// Printable characters that no path may have as they are (RFC 3986 §3.3), but that clients send: ``"<>\^`{|}``.
    static let unsafeInPath = Set(low: 0x5000_0004_0000_0000, high: 0x3800_0001_5000_0000)

    /// Whether every byte may stand in a field value: visible, space, tab, or beyond ASCII.
    static func isFieldValue(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // Any byte below 0x20, or equal to 0x7F? (The classic word-at-a-time test; borrows only cause a closer look.)
            let controls = (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080
            let difference = word ^ 0x7F7F_7F7F_7F7F_7F7F
            let deletes = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
            if controls | deletes != 0, !areFieldBytes(bytes, index, index &+ 8) { return false }
            index &+= 8
        }
        return areFieldBytes(bytes, index, bytes.count)
    }

    private static func areFieldBytes(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
        for index in start..<end {
            let byte = bytes[index]
            if byte < 0x20 && byte != 0x09 || byte == 0x7F { return false }
        }
        return true
    }
}

/// What a byte is in a field name.
enum NameByte: UInt8 {
    /// A letter, a digit or a dash.
    case plain = 0x70
    /// Another character that a name may have (RFC 9110 §5.6.2).
    case odd = 0x6F
    /// One that it may not have.
    case none = 0x2E

    /// The classes of the ASCII characters in their order, by the raw values above.
    private static var classes: StaticString {
        """
        ................................\
        .o.ooooo..oo.po.pppppppppp......\
        .pppppppppppppppppppppppppp...oo\
        opppppppppppppppppppppppppp.o.o.
        """
    }

    @inline(__always)
    init(_ byte: UInt8) {
        guard byte < 0x80 else {
            self = .none
            return
        }
        let letter = Self.classes.utf8Start[Int(byte)]
        self = letter == 0x70 ? .plain : letter == 0x6F ? .odd : .none
    }
}
