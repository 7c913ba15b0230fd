import MartinetConfig
import MartinetCore

/// What the compiler asks of the options of single objects.

extension HTTPRouterOptions {
    /// Puts the priority in force in place of a 0.
    mutating func setPriority(_ value: Int64) { priority = Int(value) }

    /// What the router does not say about observability, its entry point says.
    mutating func fillObservability(from entryPoint: CompilerSettings.EntryPoint) {
        var filled = observability ?? RouterObservabilityOptions()
        filled.accessLogs = filled.accessLogs ?? entryPoint.accessLogs
        filled.metrics = filled.metrics ?? entryPoint.metrics
        filled.tracing = filled.tracing ?? entryPoint.tracing
        if filled.traceVerbosity.isEmpty { filled.traceVerbosity = entryPoint.traceVerbosity }
        observability = filled
    }

    var logsAccess: Bool { observability?.accessLogs ?? true }
}

extension ServersTransportOptions {
    /// Limits and deadlines as connections take them; negative durations count as none.
    func transport(named name: String) -> UpstreamTransport {
        var transport = UpstreamTransport(name: name)
        transport.maxIdleConnsPerHost = maxIdleConnsPerHost == 0 ? 2 : maxIdleConnsPerHost
        guard let timeouts = forwardingTimeouts else { return transport }
        if let dial = timeouts.dialTimeout { transport.dialTimeout = max(0, dial.nanoseconds) }
        if let head = timeouts.responseHeaderTimeout { transport.responseHeaderTimeout = max(0, head.nanoseconds) }
        if let idle = timeouts.idleConnTimeout { transport.idleConnTimeout = max(0, idle.nanoseconds) }
        if let silence = timeouts.readIdleTimeout { transport.readIdleTimeout = max(0, silence.nanoseconds) }
        if let ping = timeouts.pingTimeout { transport.pingTimeout = max(0, ping.nanoseconds) }
        return transport
    }
}

extension RoutingConfiguration {
    /// What this version serves nothing of: TCP and UDP objects, each by name.
    func unavailableObjects(provider: String) -> [Diagnostic] {
        var found: [Diagnostic] = []
        func report(_ section: String, _ names: some Sequence<String>) {
            for name in names.sorted() {
                let path = "\(section).\(QualifiedName.make(name, provider: provider))"
                found.append(Diagnostic(.error, path: path, reason: "\(section) are not available in this version"))
            }
        }
        report("tcp.routers", tcp.routers.keys)
        report("tcp.services", tcp.services.keys)
        report("tcp.middlewares", tcp.middlewares.keys)
        report("tcp.serversTransports", tcp.serversTransports.keys)
        report("udp.routers", udp.routers.keys)
        report("udp.services", udp.services.keys)
        return found
    }
}
