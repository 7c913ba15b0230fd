/// Compresses answers.
package struct CompressOptions: OptionGroup {
    package var excludedContentTypes: [String] = []
    package var includedContentTypes: [String] = []
    package var minResponseBodyBytes = 0
    package var encodings: [String] = ["gzip", "br", "zstd"]
    package var defaultEncoding = ""

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
