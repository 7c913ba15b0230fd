/// Which characters may stand percent-encoded in paths: said of an entry point, where all may by default, and of a middleware, where
/// none may.
package protocol EncodedCharacterPermissions: OptionGroup {
    var allowEncodedSlash: Bool { get set }
    var allowEncodedBackSlash: Bool { get set }
    var allowEncodedNullCharacter: Bool { get set }
    var allowEncodedSemicolon: Bool { get set }
    var allowEncodedPercent: Bool { get set }
    var allowEncodedQuestionMark: Bool { get set }
    var allowEncodedHash: Bool { get set }
}

extension EncodedCharacterPermissions {
    package static var allowsEmpty: Bool { true }

    /// The fields of both.
    static var permissionFields: [OptionField<Self>] {
        [
            .init("allowEncodedSlash", \.allowEncodedSlash, "Whether %2F is allowed."),
            .init("allowEncodedBackSlash", \.allowEncodedBackSlash, "Whether %5C is allowed."),
            .init("allowEncodedNullCharacter", \.allowEncodedNullCharacter, "Whether %00 is allowed."),
            .init("allowEncodedSemicolon", \.allowEncodedSemicolon, "Whether %3B is allowed."),
            .init("allowEncodedPercent", \.allowEncodedPercent, "Whether %25 is allowed."),
            .init("allowEncodedQuestionMark", \.allowEncodedQuestionMark, "Whether %3F is allowed."),
            .init("allowEncodedHash", \.allowEncodedHash, "Whether %23 is allowed."),
        ]
    }
}
