/// The install (static) configuration: what is fixed when the process starts.
package struct InstallConfiguration: OptionGroup {
    package var global = GlobalOptions()
    package var core = CoreOptions()
    package var entryPoints: [String: EntryPointOptions] = [:]
    package var providers = ProvidersOptions()
    package var serversTransport = InstallServersTransportOptions()
    package var tcpServersTransport = InstallTCPServersTransportOptions()
    package var api: APIOptions?
    package var metrics: MetricsOptions?
    package var ping: PingOptions?
    package var log = LogOptions()
    package var accessLog: AccessLogOptions?
    package var tracing: TracingOptions?
    package var hostResolver: HostResolverOptions?
    package var certificatesResolvers: [String: CertificateResolverOptions] = [:]
    package var experimental: ExperimentalOptions?
    package var spiffe: SPIFFEInstallOptions?
    package var ocsp: OCSPOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("global", \.global, "The whole process."),
        .init("core", \.core, "Rules and TLS."),
        .init("entryPoints", \.entryPoints, "Where the proxy listens."),
        .init("providers", \.providers, "Where routing configuration comes from."),
        .init("serversTransport", \.serversTransport, "How servers are connected to."),
        .init("tcpServersTransport", \.tcpServersTransport, "How TCP servers are connected to."),
        .init("api", \.api, "API and dashboard."),
        .init("metrics", \.metrics, "Metrics."),
        .init("ping", \.ping, "Health checks."),
        .init("log", \.log, "The log."),
        .init("accessLog", \.accessLog, "The access log."),
        .init("tracing", \.tracing, "Traces."),
        .init("hostResolver", \.hostResolver, "CNAME flattening."),
        .init("certificatesResolvers", \.certificatesResolvers, "Where certificates come from."),
        .init("experimental", \.experimental, "Experiments."),
        .init("spiffe", \.spiffe, "SPIFFE."),
        .init("ocsp", \.ocsp, "OCSP stapling."),
    ]
}
