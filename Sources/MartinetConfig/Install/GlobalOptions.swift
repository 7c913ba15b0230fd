/// What concerns the whole process.
package struct GlobalOptions: OptionGroup {
    package var checkNewVersion = false
    package var sendAnonymousUsage = false
    package var notAppendXForwardedFor = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("checkNewVersion", \.checkNewVersion, "No effect: Martinet does not call home."),
        .init("sendAnonymousUsage", \.sendAnonymousUsage, "No effect: Martinet does not call home."),
        .init("notAppendXForwardedFor", \.notAppendXForwardedFor, "Whether the peer is left out of X-Forwarded-For."),
    ]
}

/// Rules and TLS.
package struct CoreOptions: OptionGroup {
    package var defaultRuleSyntax = "v3"
    package var strictTLSOptions = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("defaultRuleSyntax", \.defaultRuleSyntax, "v3 or v2.", deprecated: "write rules in v3 syntax"),
        .init("strictTLSOptions", \.strictTLSOptions, "Whether routers that disagree on TLS options are refused."),
    ]
}

/// The API and the dashboard.
package struct APIOptions: OptionGroup {
    package var insecure = false
    package var dashboard = true
    package var debug = false
    package var basePath = "/"
    package var disableDashboardAd = false
    package var dashboardName = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("insecure", \.insecure, "Whether the entry point traefik serves them to anybody."),
        .init("dashboard", \.dashboard, "Whether there is a dashboard."),
        .init("debug", \.debug, "Debug endpoints."),
        .init("basePath", \.basePath, "Path in front of both.", text: .target),
        .init("disableDashboardAd", \.disableDashboardAd, "No effect."),
        .init("dashboardName", \.dashboardName, "Shown by the dashboard."),
    ]
}

/// Answers health checks at /ping.
package struct PingOptions: OptionGroup {
    package var entryPoint = "traefik"
    package var manualRouting = false
    package var terminatingStatusCode = 503

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("entryPoint", \.entryPoint, "Entry point it is on."),
        .init("manualRouting", \.manualRouting, "Whether only ping@internal is made."),
        .init("terminatingStatusCode", \.terminatingStatusCode, "Status while stopping."),
    ]
}

/// CNAME flattening.
package struct HostResolverOptions: OptionGroup {
    package var cnameFlattening = false
    package var resolvConfig = "/etc/resolv.conf"
    package var resolvDepth = 5

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("cnameFlattening", \.cnameFlattening, "Whether it is done."),
        .init("resolvConfig", \.resolvConfig, "Resolver configuration."),
        .init("resolvDepth", \.resolvDepth, "Longest chain followed."),
    ]
}

/// SPIFFE.
package struct SPIFFEInstallOptions: OptionGroup {
    package var workloadAPIAddr = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("workloadAPIAddr", \.workloadAPIAddr, "Address of the workload API.")
    ]
}

/// OCSP stapling.
package struct OCSPOptions: OptionGroup {
    package var responderOverrides: [String: String] = [:]

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("responderOverrides", \.responderOverrides, "Responders to ask instead.")
    ]
}
