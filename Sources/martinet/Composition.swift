import Logging
import MartinetConfig
import MartinetCore
import MartinetHTTP
import MartinetOperations
import MartinetServer

/// Turns install options into what the parts of the program are made of. The one place that knows all modules.
enum Composition {
    /// HTTP entry points, in the order of their names. UDP ones are reported by ``problems(_:)``.
    static func entryPoints(_ configuration: InstallConfiguration) throws(Diagnostic) -> [EntryPointSettings] {
        var result: [EntryPointSettings] = []
        for (name, options) in configuration.entryPoints.sorted(by: { $0.key < $1.key }) {
            guard let address = options.parsedAddress, !address.isUDP else { continue }
            var settings = EntryPointSettings(name: name, number: result.count, host: address.host, port: address.port)
            settings.reusePort = options.reusePort
            // Traefik's name for the entry point of the API and of health checks; routers do not stand on it by default.
            settings.isReserved = name == "traefik"
            settings.logsUnrouted = options.observability?.accessLogs ?? true
            let timeouts = options.transport.respondingTimeouts
            settings.timeouts.read = nanoseconds(timeouts.readTimeout)
            settings.timeouts.write = nanoseconds(timeouts.writeTimeout)
            settings.timeouts.idle = nanoseconds(timeouts.idleTimeout)
            settings.timeouts.acceptGrace = nanoseconds(options.transport.lifeCycle.requestAcceptGraceTimeout)
            settings.timeouts.grace = nanoseconds(options.transport.lifeCycle.graceTimeOut)
            settings.keepAliveMaxRequests = options.transport.keepAliveMaxRequests
            settings.keepAliveMaxTime = nanoseconds(options.transport.keepAliveMaxTime)
            settings.sanitizePath = options.http.sanitizePath
            settings.encodesQuerySemicolons = options.http.encodeQuerySemicolons
            settings.encodedCharacters = options.http.encodedCharacters.map { EncodedCharacterPolicy($0) } ?? .all
            if options.http.maxHeaderBytes > 0 {
                settings.limits.maxHeadBytes = options.http.maxHeaderBytes
                settings.http2.maxHeaderListBytes = options.http.maxHeaderBytes
            }
            settings.http2.maxConcurrentStreams = options.http2.maxConcurrentStreams
            settings.http2.allowsConnectProtocol = options.http2.extendedConnect
            settings.http2.decoderTableSize = options.http2.maxDecoderHeaderTableSize
            settings.http2.encoderTableSize = options.http2.maxEncoderHeaderTableSize
            let strategy =
                options.http.aliasHeadersStrategy.isEmpty
                ? options.http.underscoreHeadersStrategy : options.http.aliasHeadersStrategy
            settings.aliasHeaders = .init(rawValue: strategy) ?? .keep
            settings.forwarded.insecure = options.forwardedHeaders.insecure
            settings.forwarded.connection = options.forwardedHeaders.connection
            settings.forwarded.appendsFor =
                !options.forwardedHeaders.notAppendXForwardedFor && !configuration.global.notAppendXForwardedFor
            settings.forwarded.trusted = try addresses(
                options.forwardedHeaders.trustedIPs, of: "entryPoints.\(name).forwardedHeaders.trustedIPs")
            if let proxyProtocol = options.proxyProtocol {
                settings.proxyProtocol = .init()
                settings.proxyProtocol?.insecure = proxyProtocol.insecure
                settings.proxyProtocol?.trusted = try addresses(
                    proxyProtocol.trustedIPs, of: "entryPoints.\(name).proxyProtocol.trustedIPs")
            }
            result.append(settings)
        }
        return result
    }

    private static func addresses(_ texts: [String], of path: String) throws(Diagnostic) -> IPRangeSet {
        do {
            return try IPRangeSet(texts)
        } catch {
            throw Diagnostic(
                path: path, reason: "\(error)", remedy: "write addresses or networks such as 10.0.0.0/8")
        }
    }

    private static func nanoseconds(_ duration: OptionDuration) -> UInt64 { UInt64(max(0, duration.nanoseconds)) }

    /// What the routing compiler needs of the install configuration.
    static func compilerSettings(_ configuration: InstallConfiguration) -> CompilerSettings {
        var settings = CompilerSettings()
        settings.strictTLSOptions = configuration.core.strictTLSOptions
        settings.entryPoints = configuration.entryPoints.sorted { $0.key < $1.key }.map { name, options in
            var entryPoint = CompilerSettings.EntryPoint(name: name)
            entryPoint.isUDP = options.parsedAddress?.isUDP ?? false
            entryPoint.asDefault = options.asDefault
            entryPoint.middlewares = options.http.middlewares
            entryPoint.tls = options.http.tls
            entryPoint.allowsACMEByPass = options.allowACMEByPass
            if let observability = options.observability {
                entryPoint.hasObservability = true
                entryPoint.accessLogs = observability.accessLogs
                entryPoint.metrics = observability.metrics
                entryPoint.tracing = observability.tracing
                entryPoint.traceVerbosity = observability.traceVerbosity
            }
            return entryPoint
        }
        settings.ownAddresses = OwnAddresses(local: OwnAddresses.ofInterfaces())
        for options in configuration.entryPoints.values {
            guard let address = options.parsedAddress, !address.isUDP else { continue }
            settings.ownAddresses.listen(host: address.host, port: address.port)
        }
        if !configuration.providers.precedence.isEmpty {
            settings.precedence = configuration.providers.precedence.map { $0.lowercased() }
        }
        let transport = configuration.serversTransport
        settings.defaultTLS = UpstreamTLSOptions(transport)
        settings.defaultTransport.maxIdleConnsPerHost = transport.maxIdleConnsPerHost
        if let timeouts = transport.forwardingTimeouts {
            settings.defaultTransport.dialTimeout = timeouts.dialTimeout.nanoseconds
            settings.defaultTransport.responseHeaderTimeout = timeouts.responseHeaderTimeout.nanoseconds
            settings.defaultTransport.idleConnTimeout = timeouts.idleConnTimeout.nanoseconds
        }
        if let api = configuration.api, api.insecure {
            settings.internalRouters.append(.api(on: "traefik"))
        }
        settings.logsInternalServices = configuration.accessLog?.addInternals ?? false
        if let ping = configuration.ping, !ping.manualRouting {
            settings.internalRouters.append(.ping(on: ping.entryPoint))
        }
        settings.internalRouters += redirections(configuration)
        return settings
    }

    /// A router for each entry point that sends everything elsewhere.
    private static func redirections(_ configuration: InstallConfiguration) -> [CompilerSettings.InternalRouter] {
        configuration.entryPoints.sorted { $0.key < $1.key }.compactMap { name, entryPoint in
            guard let options = entryPoint.http.redirections?.entryPoint, !options.to.isEmpty else { return nil }
            let port = configuration.entryPoints[options.to]?.parsedAddress.map { String($0.port) }
            return .redirection(
                on: name, to: options.to, port: port ?? String(options.to.drop { $0 == ":" }), options: options)
        }
    }

    /// What is asked for and this version does not do: told once at start, so that nothing is silently missing.
    static func problems(_ configuration: InstallConfiguration) -> [Diagnostic] {
        var found: [Diagnostic] = []
        func missing(_ path: String, _ isAskedFor: Bool) {
            guard isAskedFor else { return }
            found.append(
                Diagnostic(
                    .warning, path: path, reason: "is not available in this version and has no effect",
                    remedy: "remove it, or wait for a version that has it"))
        }
        for (name, options) in configuration.entryPoints.sorted(by: { $0.key < $1.key }) {
            let path = "entryPoints.\(name)"
            missing(path + ".address (UDP)", options.parsedAddress?.isUDP ?? false)
            missing(path + ".http3", options.http3 != nil)
        }
        let providers = configuration.providers
        missing("providers.docker", providers.docker != nil)
        missing("providers.swarm", providers.swarm != nil)
        missing("providers.kubernetesIngress", providers.kubernetesIngress != nil)
        missing("providers.kubernetesIngressNGINX", providers.kubernetesIngressNGINX != nil)
        missing("providers.kubernetesCRD", providers.kubernetesCRD != nil)
        missing("providers.kubernetesGateway", providers.kubernetesGateway != nil)
        missing("providers.knative", providers.knative != nil)
        missing("providers.rest", providers.rest != nil)
        missing("providers.consulCatalog", providers.consulCatalog != nil)
        missing("providers.nomad", providers.nomad != nil)
        missing("providers.ecs", providers.ecs != nil)
        missing("providers.consul", providers.consul != nil)
        missing("providers.etcd", providers.etcd != nil)
        missing("providers.zooKeeper", providers.zooKeeper != nil)
        missing("providers.redis", providers.redis != nil)
        missing("providers.http", providers.http != nil)
        missing("providers.plugin", !providers.plugin.isEmpty)
        missing("accessLog.otlp", configuration.accessLog?.otlp != nil)
        missing("log.otlp", configuration.log.otlp != nil)
        missing("metrics", configuration.metrics != nil)
        missing("tracing", configuration.tracing != nil)
        missing("certificatesResolvers", !configuration.certificatesResolvers.isEmpty)
        missing("hostResolver", configuration.hostResolver?.cnameFlattening ?? false)
        missing("spiffe", configuration.spiffe != nil)
        missing("ocsp", configuration.ocsp != nil)
        missing("experimental.plugins", !(configuration.experimental?.plugins.isEmpty ?? true))
        missing("experimental.localPlugins", !(configuration.experimental?.localPlugins.isEmpty ?? true))
        missing("api.debug", configuration.api?.debug ?? false)
        found += configuration.accessLog?.problems ?? []
        return found
    }
}
