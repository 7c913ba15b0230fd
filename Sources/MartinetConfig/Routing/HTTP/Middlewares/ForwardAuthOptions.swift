/// Asks an auth server whether a request may pass.
package struct ForwardAuthOptions: OptionGroup {
    package var address = ""
    package var tls: ForwardAuthTLSOptions?
    package var trustForwardHeader: Bool?
    package var authResponseHeaders: [String] = []
    package var authResponseHeadersRegex = ""
    package var authRequestHeaders: [String] = []
    package var addAuthCookiesToResponse: [String] = []
    package var headerField = ""
    package var forwardBody = false
    package var maxBodySize: Int?
    package var maxResponseBodySize: Int?
    package var preserveLocationHeader = false
    package var preserveRequestMethod = false
    package var authSigninURL = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "URL of the auth server.", text: .target),
        .init("tls", \.tls, "TLS towards it."),
        .init("trustForwardHeader", \.trustForwardHeader, "Whether the client's X-Forwarded headers are handed on."),
        .init(
            "authResponseHeaders", \.authResponseHeaders, "Headers of its answer copied to the request.", text: .name),
        .init("authResponseHeadersRegex", \.authResponseHeadersRegex, "The same, by a regular expression."),
        .init("authRequestHeaders", \.authRequestHeaders, "Headers of the request it gets; empty: all.", text: .name),
        .init(
            "addAuthCookiesToResponse", \.addAuthCookiesToResponse, "Cookies of its answer handed to the client."),
        .init("headerField", \.headerField, "Header of its answer that names the user.", text: .name),
        .init("forwardBody", \.forwardBody, "Whether it gets the request body."),
        .init("maxBodySize", \.maxBodySize, "Largest request body sent to it, in bytes (default -1)."),
        .init("maxResponseBodySize", \.maxResponseBodySize, "Largest answer, in bytes (default -1)."),
        .init("preserveLocationHeader", \.preserveLocationHeader, "Whether its Location is handed on as it is."),
        .init(
            "preserveRequestMethod", \.preserveRequestMethod,
            "Whether it is asked with the request's method instead of GET."
        ),
        .init("authSigninURL", \.authSigninURL, "Where a 401 is redirected to.", text: .target),
    ]
}

/// TLS towards an auth server.
package struct ForwardAuthTLSOptions: OptionGroup {
    package var ca = ""
    package var cert = ""
    package var key = ""
    package var insecureSkipVerify = false
    package var caOptional: Bool?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("ca", \.ca, "Certificate authority, file or content."),
        .init("cert", \.cert, "Client certificate."),
        .init("key", \.key, "Its key.", secret: true),
        .init("insecureSkipVerify", \.insecureSkipVerify, "Whether any certificate is accepted."),
        .init("caOptional", \.caOptional, "No effect.", deprecated: "remove it"),
    ]
}
