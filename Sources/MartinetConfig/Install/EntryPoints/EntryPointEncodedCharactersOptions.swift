/// Percent-encoded characters allowed in paths; all by default.
package struct EntryPointEncodedCharactersOptions: OptionGroup {
    package var allowEncodedSlash = true
    package var allowEncodedBackSlash = true
    package var allowEncodedNullCharacter = true
    package var allowEncodedSemicolon = true
    package var allowEncodedPercent = true
    package var allowEncodedQuestionMark = true
    package var allowEncodedHash = true

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("allowEncodedSlash", \.allowEncodedSlash, "Whether %2F is allowed."),
        .init("allowEncodedBackSlash", \.allowEncodedBackSlash, "Whether %5C is allowed."),
        .init("allowEncodedNullCharacter", \.allowEncodedNullCharacter, "Whether %00 is allowed."),
        .init("allowEncodedSemicolon", \.allowEncodedSemicolon, "Whether %3B is allowed."),
        .init("allowEncodedPercent", \.allowEncodedPercent, "Whether %25 is allowed."),
        .init("allowEncodedQuestionMark", \.allowEncodedQuestionMark, "Whether %3F is allowed."),
        .init("allowEncodedHash", \.allowEncodedHash, "Whether %23 is allowed."),
    ]
}
