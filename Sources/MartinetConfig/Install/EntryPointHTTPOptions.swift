/// HTTP of an entry point.
package struct EntryPointHTTPOptions: OptionGroup {
    package var redirections: RedirectionsOptions?
    package var middlewares: [String] = []
    package var tls: RouterTLSOptions?
    package var encodedCharacters: EntryPointEncodedCharactersOptions?
    package var encodeQuerySemicolons = false
    package var sanitizePath = true
    package var maxHeaderBytes = 65_536
    package var aliasHeadersStrategy = ""
    package var underscoreHeadersStrategy = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("redirections", \.redirections, "Redirection of all requests."),
        .init("middlewares", \.middlewares, "Put before each router's own; with their provider."),
        .init("tls", \.tls, "Present: all its routers are for TLS."),
        .init("encodedCharacters", \.encodedCharacters, "Percent-encoded characters allowed in paths."),
        .init("encodeQuerySemicolons", \.encodeQuerySemicolons, "Whether ; in queries becomes %3B instead of &."),
        .init("sanitizePath", \.sanitizePath, "Whether dot segments and doubled slashes are removed."),
        .init("maxHeaderBytes", \.maxHeaderBytes, "Largest header section, in bytes (default 64 KiB)."),
        .init(
            "aliasHeadersStrategy", \.aliasHeadersStrategy, "What becomes of names like X_User: keep, delete or reject."
        ),
        .init(
            "underscoreHeadersStrategy", \.underscoreHeadersStrategy, "The former name of aliasHeadersStrategy.",
            deprecated: "use aliasHeadersStrategy"
        ),
    ]
}

/// Redirection of all requests.
package struct RedirectionsOptions: OptionGroup {
    package var entryPoint: EntryPointRedirectionOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("entryPoint", \.entryPoint, "To another entry point.")
    ]
}

/// Redirection to another entry point.
package struct EntryPointRedirectionOptions: OptionGroup {
    package var to = ""
    package var scheme = "https"
    package var permanent = true
    package var priority = 9_223_372_036_854_775_806

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("to", \.to, "Name of an entry point, or :port.", text: .target),
        .init("scheme", \.scheme, "Scheme of the new URL.", text: .target),
        .init("permanent", \.permanent, "Whether it is permanent."),
        .init("priority", \.priority, "Priority of the router that does it."),
    ]
}

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
