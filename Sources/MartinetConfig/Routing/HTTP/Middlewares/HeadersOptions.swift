/// Sets and removes headers; CORS; security headers.
package struct HeadersOptions: OptionGroup {
    package var customRequestHeaders: [String: String] = [:]
    package var customResponseHeaders: [String: String] = [:]
    package var accessControlAllowCredentials = false
    package var accessControlAllowHeaders: [String] = []
    package var accessControlAllowMethods: [String] = []
    package var accessControlAllowOriginList: [String] = []
    package var accessControlAllowOriginListRegex: [String] = []
    package var accessControlExposeHeaders: [String] = []
    package var accessControlMaxAge: Int?
    package var addVaryHeader = false
    package var allowedHosts: [String] = []
    package var hostsProxyHeaders: [String] = []
    package var sslProxyHeaders: [String: String] = [:]
    package var stsSeconds = 0
    package var stsIncludeSubdomains = false
    package var stsPreload = false
    package var forceSTSHeader = false
    package var frameDeny = false
    package var customFrameOptionsValue = ""
    package var contentTypeNosniff = false
    package var browserXssFilter = false
    package var customBrowserXSSValue = ""
    package var contentSecurityPolicy = ""
    package var contentSecurityPolicyReportOnly = ""
    package var publicKey = ""
    package var referrerPolicy = ""
    package var permissionsPolicy = ""
    package var isDevelopment = false
    package var featurePolicy: String?
    package var sslRedirect: Bool?
    package var sslTemporaryRedirect: Bool?
    package var sslHost: String?
    package var sslForceHost: Bool?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init(
            "customRequestHeaders", \.customRequestHeaders, "Headers set on requests; an empty value removes.",
            text: .value),
        .init(
            "customResponseHeaders", \.customResponseHeaders, "Headers set on answers; an empty value removes.",
            text: .value),
        .init(
            "accessControlAllowCredentials", \.accessControlAllowCredentials, "CORS: whether credentials are allowed."
        ),
        .init("accessControlAllowHeaders", \.accessControlAllowHeaders, "CORS: headers allowed.", text: .value),
        .init("accessControlAllowMethods", \.accessControlAllowMethods, "CORS: methods allowed.", text: .value),
        .init("accessControlAllowOriginList", \.accessControlAllowOriginList, "CORS: origins allowed.", text: .value),
        .init(
            "accessControlAllowOriginListRegex", \.accessControlAllowOriginListRegex,
            "CORS: origins allowed, by regular expressions."
        ),
        .init(
            "accessControlExposeHeaders", \.accessControlExposeHeaders, "CORS: headers scripts may read.", text: .value),
        .init("accessControlMaxAge", \.accessControlMaxAge, "CORS: seconds an answer to a preflight is good for."),
        .init("addVaryHeader", \.addVaryHeader, "Whether Vary: Origin is added."),
        .init("allowedHosts", \.allowedHosts, "Hosts that are served."),
        .init("hostsProxyHeaders", \.hostsProxyHeaders, "Headers that may hold the host.", text: .name),
        .init("sslProxyHeaders", \.sslProxyHeaders, "Headers that mean HTTPS, with their values.", text: .value),
        .init("stsSeconds", \.stsSeconds, "Strict-Transport-Security: max-age."),
        .init("stsIncludeSubdomains", \.stsIncludeSubdomains, "Strict-Transport-Security: includeSubDomains."),
        .init("stsPreload", \.stsPreload, "Strict-Transport-Security: preload."),
        .init("forceSTSHeader", \.forceSTSHeader, "Whether it is sent without TLS, too."),
        .init("frameDeny", \.frameDeny, "X-Frame-Options: DENY."),
        .init("customFrameOptionsValue", \.customFrameOptionsValue, "X-Frame-Options.", text: .value),
        .init("contentTypeNosniff", \.contentTypeNosniff, "X-Content-Type-Options: nosniff."),
        .init("browserXssFilter", \.browserXssFilter, "X-XSS-Protection: 1; mode=block."),
        .init("customBrowserXSSValue", \.customBrowserXSSValue, "X-XSS-Protection.", text: .value),
        .init("contentSecurityPolicy", \.contentSecurityPolicy, "Content-Security-Policy.", text: .value),
        .init(
            "contentSecurityPolicyReportOnly", \.contentSecurityPolicyReportOnly,
            "Content-Security-Policy-Report-Only.", text: .value
        ),
        .init("publicKey", \.publicKey, "Public-Key-Pins, over TLS.", text: .value),
        .init("referrerPolicy", \.referrerPolicy, "Referrer-Policy.", text: .value),
        .init("permissionsPolicy", \.permissionsPolicy, "Permissions-Policy.", text: .value),
        .init("isDevelopment", \.isDevelopment, "Switches allowed hosts, STS and key pins off."),
        .init("featurePolicy", \.featurePolicy, "No effect.", deprecated: "use permissionsPolicy"),
        .init("sslRedirect", \.sslRedirect, "No effect.", deprecated: "use entry point redirection or redirectScheme"),
        .init(
            "sslTemporaryRedirect", \.sslTemporaryRedirect, "No effect.",
            deprecated: "use entry point redirection or redirectScheme"
        ),
        .init("sslHost", \.sslHost, "No effect.", deprecated: "use redirectRegex"),
        .init("sslForceHost", \.sslForceHost, "No effect.", deprecated: "use redirectRegex"),
    ]
}
