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
        .init(
            "sanitizePath", \.sanitizePath, "Whether dot segments and doubled slashes are removed.", alwaysShown: true),
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
