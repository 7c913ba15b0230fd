/// TLS towards a server the proxy itself uses.
package struct ClientTLSOptions: OptionGroup {
    package var ca = ""
    package var cert = ""
    package var key = ""
    package var insecureSkipVerify = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("ca", \.ca, "Certificate authority, file or content."),
        .init("cert", \.cert, "Client certificate, file or content."),
        .init("key", \.key, "Its key, file or content.", secret: true),
        .init("insecureSkipVerify", \.insecureSkipVerify, "Whether any certificate is accepted."),
    ]
}
