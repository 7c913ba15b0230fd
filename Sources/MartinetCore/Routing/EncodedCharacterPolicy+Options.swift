package import MartinetConfig
package import MartinetHTTP

extension EncodedCharacterPolicy {
    /// What these options allow.
    package init(_ options: some EncodedCharacterPermissions) {
        self = []
        if options.allowEncodedSlash { insert(.slash) }
        if options.allowEncodedBackSlash { insert(.backSlash) }
        if options.allowEncodedNullCharacter { insert(.nullCharacter) }
        if options.allowEncodedSemicolon { insert(.semicolon) }
        if options.allowEncodedPercent { insert(.percent) }
        if options.allowEncodedQuestionMark { insert(.questionMark) }
        if options.allowEncodedHash { insert(.hash) }
    }
}
