/// Refuses paths with these characters percent-encoded; all by default.
package struct EncodedCharactersOptions: EncodedCharacterPermissions {
    package var allowEncodedSlash = false
    package var allowEncodedBackSlash = false
    package var allowEncodedNullCharacter = false
    package var allowEncodedSemicolon = false
    package var allowEncodedPercent = false
    package var allowEncodedQuestionMark = false
    package var allowEncodedHash = false

    package init() {}
    package static let fields = permissionFields
}
