/// What kind of name a field has, found once when the name is read and remembered with it in the dynamic table.
package enum HPACKNameKind: UInt8, Sendable {
    /// Letters in lower case, digits and dashes.
    case plain
    /// A lower-case token with other characters, such as `x_user`, which some backends read as its dashed twin.
    case alias
    /// Begins with a colon (RFC 9113 §8.3).
    case pseudo
    /// Empty, with capitals, or with a character that no name may have (RFC 9113 §8.2.1).
    case malformed

    init(_ name: UnsafeRawBufferPointer) {
        guard name.count > 0 else {
            self = .malformed
            return
        }
        if name[0] == 0x3A {
            self = .pseudo
            return
        }
        let token = ByteClass.token
        var kind = HPACKNameKind.plain
        for byte in name {
            guard token.contains(byte), byte &- 0x41 >= 26 else {
                self = .malformed
                return
            }
            if !HeaderBlock.isPlainNameByte(byte) { kind = .alias }
        }
        self = kind
    }
}

/// One decoded field line. The bytes are only lent for the call they are passed in.
package struct HPACKField {
    /// As received; in lower case unless `kind` is malformed.
    package let name: UnsafeRawBufferPointer
    package let value: UnsafeRawBufferPointer
    package let id: HeaderID
    package let kind: HPACKNameKind
    /// Whether the value has only bytes that may stand in one, and no blank at either end (RFC 9113 §8.2.1).
    package let hasCleanValue: Bool
    /// Whether it came as a never-indexed literal and must go on as one (RFC 7541 §6.2.3).
    package let isSensitive: Bool

    static func isClean(_ value: UnsafeRawBufferPointer) -> Bool {
        guard let first = value.first, let last = value.last else { return true }
        guard first != 0x20, first != 0x09, last != 0x20, last != 0x09 else { return false }
        return ByteClass.isFieldValue(value)
    }
}

/// Takes the fields of a block as they are decoded.
package protocol HPACKFieldSink: ~Copyable {
    mutating func take(_ field: HPACKField)
}
