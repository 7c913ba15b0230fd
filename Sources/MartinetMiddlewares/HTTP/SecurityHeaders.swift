import MartinetConfig
import MartinetCore
import MartinetHTTP

/// The security half of `headers`: fixed answer headers, HSTS, allowed hosts.
struct SecurityHeaders: Sendable {
    private let fixed: [PreparedHeader]
    private let hsts: PreparedHeader?
    /// Public-Key-Pins (RFC 7469), which like HSTS binds the browser and means nothing without TLS.
    private let keyPins: PreparedHeader?
    private let forcesHSTS: Bool
    private let proxyHeaders: [(name: String, value: String)]
    private let allowedHosts: [String]
    private let hostHeaders: [String]

    init(_ options: HeadersOptions) {
        var fixed: [PreparedHeader] = []
        func add(_ name: String, _ value: String) {
            if !value.isEmpty { fixed.append(PreparedHeader(name: name, value: value)) }
        }
        let frame =
            options.customFrameOptionsValue.isEmpty
            ? (options.frameDeny ? "DENY" : "") : options.customFrameOptionsValue
        add("X-Frame-Options", frame)
        add("X-Content-Type-Options", options.contentTypeNosniff ? "nosniff" : "")
        let filter =
            options.customBrowserXSSValue.isEmpty
            ? (options.browserXssFilter ? "1; mode=block" : "") : options.customBrowserXSSValue
        add("X-XSS-Protection", filter)
        add("Content-Security-Policy", options.contentSecurityPolicy)
        add("Content-Security-Policy-Report-Only", options.contentSecurityPolicyReportOnly)
        add("Referrer-Policy", options.referrerPolicy)
        add("Permissions-Policy", options.permissionsPolicy)
        self.fixed = fixed
        keyPins =
            options.publicKey.isEmpty || options.isDevelopment
            ? nil : PreparedHeader(name: "Public-Key-Pins", value: options.publicKey)
        if options.stsSeconds > 0, !options.isDevelopment {
            var value = "max-age=\(options.stsSeconds)"
            if options.stsIncludeSubdomains { value += "; includeSubDomains" }
            if options.stsPreload { value += "; preload" }
            hsts = PreparedHeader(name: "Strict-Transport-Security", value: value)
        } else {
            hsts = nil
        }
        forcesHSTS = options.forceSTSHeader
        proxyHeaders = options.sslProxyHeaders.map { ($0.key, $0.value) }
        allowedHosts = options.isDevelopment ? [] : options.allowedHosts.map { $0.lowercased() }
        hostHeaders = options.hostsProxyHeaders
    }

    var changesResponses: Bool { !fixed.isEmpty || hsts != nil || keyPins != nil }

    /// An answer for a host that is not allowed; nil for the others.
    func check(_ exchange: Exchange) -> RequestOutcome? {
        guard !allowedHosts.isEmpty else { return nil }
        var host = exchange.request.hostString
        for name in hostHeaders {
            if let other = exchange.request.headers.string(name: name), !other.isEmpty {
                host = other
                break
            }
        }
        return allowedHosts.contains(host.lowercased()) ? nil : exchange.respondWithPlainText(500, "Bad Host")
    }

    func apply(to exchange: Exchange) {
        for header in fixed { header.apply(to: &exchange.response.headers, isRequest: false) }
        guard hsts != nil || keyPins != nil else { return }
        let isSecure = isSecure(exchange)
        if let hsts, forcesHSTS || isSecure { hsts.apply(to: &exchange.response.headers, isRequest: false) }
        if let keyPins, isSecure { keyPins.apply(to: &exchange.response.headers, isRequest: false) }
    }

    private func isSecure(_ exchange: Exchange) -> Bool {
        exchange.isSecure || proxyHeaders.contains { exchange.request.headers.string(name: $0.name) == $0.value }
    }
}
