/// Refuses paths with these characters percent-encoded; all by default.
package struct EncodedCharactersOptions: OptionGroup {
    package var allowEncodedSlash = false
    package var allowEncodedBackSlash = false
    package var allowEncodedNullCharacter = false
    package var allowEncodedSemicolon = false
    package var allowEncodedPercent = false
    package var allowEncodedQuestionMark = false
    package var allowEncodedHash = false

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
