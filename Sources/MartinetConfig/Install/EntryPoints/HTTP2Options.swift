/// HTTP/2.
package struct HTTP2Options: OptionGroup {
    package var maxConcurrentStreams = 250
    package var maxDecoderHeaderTableSize = 4096
    package var maxEncoderHeaderTableSize = 4096
    /// Default no: Traefik has no such option, and refuses what it would allow.
    package var extendedConnect = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("maxConcurrentStreams", \.maxConcurrentStreams, "Streams of one connection."),
        .init(
            "extendedConnect", \.extendedConnect,
            "Whether clients may open WebSockets over HTTP/2 (RFC 8441)."),
        .init("maxDecoderHeaderTableSize", \.maxDecoderHeaderTableSize, "HPACK table, in bytes."),
        .init("maxEncoderHeaderTableSize", \.maxEncoderHeaderTableSize, "HPACK table, in bytes."),
    ]
}
