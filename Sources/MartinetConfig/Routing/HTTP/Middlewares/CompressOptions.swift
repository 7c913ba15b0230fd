/// Compresses answers.
package struct CompressOptions: OptionGroup {
    package var excludedContentTypes: [String] = []
    package var includedContentTypes: [String] = []
    package var minResponseBodyBytes = 0
    /// Never empty: a list without entries leaves the default, as in Traefik.
    package var encodings: [String] = Self.defaultEncodings {
        didSet { if encodings.isEmpty { encodings = Self.defaultEncodings } }
    }
    package var defaultEncoding = ""

    private static let defaultEncodings = ["gzip", "br", "zstd"]

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("excludedContentTypes", \.excludedContentTypes, "Types left as they are."),
        .init("includedContentTypes", \.includedContentTypes, "The only types compressed."),
        .init("minResponseBodyBytes", \.minResponseBodyBytes, "Smallest body compressed (default 1024)."),
        .init("encodings", \.encodings, "Encodings offered, best first (default gzip, br, zstd)."),
        .init("defaultEncoding", \.defaultEncoding, "Used when the client sent no Accept-Encoding."),
    ]
}
