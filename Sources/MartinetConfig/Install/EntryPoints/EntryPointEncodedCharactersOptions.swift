/// Percent-encoded characters allowed in paths; all by default.
package struct EntryPointEncodedCharactersOptions: EncodedCharacterPermissions {
    package var allowEncodedSlash = true
    package var allowEncodedBackSlash = true
    package var allowEncodedNullCharacter = true
    package var allowEncodedSemicolon = true
    package var allowEncodedPercent = true
    package var allowEncodedQuestionMark = true
    package var allowEncodedHash = true

    package init() {}
    package static let fields = permissionFields
}
