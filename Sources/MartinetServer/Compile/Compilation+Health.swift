import MartinetConfig
import MartinetCore

/// Health checks of load balancers, and the state of servers that outlives a configuration.
extension Compilation {
    /// The state of a service's servers by URL: that of the previous configuration wherever it can go on.
    func serverStates(_ options: LoadBalancerOptions, of name: String) -> [String: CandidateState] {
        let measures = options.strategy == "leasttime"
        let counts = options.strategy == "p2c"
        guard measures || counts || options.healthCheck != nil || options.passiveHealthCheck != nil else {
            state.serverStates[name] = nil
            return [:]
        }
        let previous = state.serverStates[name] ?? [:]
        var states: [String: CandidateState] = [:]
        for server in options.servers where states[server.url] == nil {
            let old = previous[server.url]
            if let old, (old.responseTimes != nil) == measures, options.passiveHealthCheck.describes(old.failures) {
                // Without an active check nobody would ever find it well again.
                if options.healthCheck == nil { old.set(isUp: true) }
                states[server.url] = old
                continue
            }
            let new = CandidateState(
                responseTimes: measures ? old?.responseTimes ?? ResponseTimes() : nil,
                failures: options.passiveHealthCheck?.failureWindow())
            if options.healthCheck != nil, let old { new.set(isUp: old.isUp) }
            states[server.url] = new
        }
        state.serverStates[name] = states
        return states
    }

    /// Plans the checks of a service's servers. Those that were planned the same way before stay the same objects.
    func planHealthChecks(
        _ options: LoadBalancerOptions, of name: String, states: [String: CandidateState], transport: UpstreamTransport
    ) throws(CompilationFailure) {
        let previous = state.healthChecks.removeValue(forKey: name) ?? []
        guard let check = options.healthCheck else { return }
        var targets: [HealthCheckTarget] = []
        for server in options.servers {
            guard let serverState = states[server.url], !targets.contains(where: { $0.url == server.url }) else {
                continue
            }
            let plan = try plan(check, server: server.url, transport: transport)
            let target = HealthCheckTarget(service: name, url: server.url, state: serverState, plan: plan)
            targets.append(previous.first { $0.url == server.url && $0.isSame(as: target) } ?? target)
        }
        state.healthChecks[name] = targets
    }

    private func plan(
        _ check: HealthCheckOptions, server url: String, transport: UpstreamTransport
    ) throws(CompilationFailure) -> HealthCheckPlan {
        let isGRPC = check.mode == "grpc"
        var address = try ServerAddress(url)
        var fault: String?
        if !check.scheme.isEmpty {
            if let scheme = UpstreamServer.Scheme(rawValue: check.scheme.lowercased()) {
                if address.authority.utf8.count == address.hostText.utf8.count, check.port == 0 {
                    address.port = scheme == .https ? 443 : 80
                }
                address.scheme = scheme
            } else {
                fault = "unsupported protocol scheme \"\(check.scheme)\""
            }
        }
        if isGRPC, address.scheme == .http { address.scheme = .h2c }
        if check.port != 0 {
            if let port = UInt16(exactly: check.port) {
                address.port = port
                address.authority = "\(address.hostText):\(port)"
            } else {
                fault = "invalid port \(check.port)"
            }
        }
        if RelativeReference.isAbsolute(check.path), !isGRPC {
            fault = "health check path must be a relative URL, got: \"\(check.path)\""
        } else if RelativeReference.hasBrokenEscape(check.path), !isGRPC {
            fault = "invalid percent-encoding in the health check's path \"\(check.path)\""
        }
        let server = try self.server(
            url: url, address: address, passHostHeader: true, preservePath: false, transport: transport)
        var redirecting = transport
        if check.followRedirects ?? true, !isGRPC {
            redirecting.security = (try? security(of: transport.name)).map { UpstreamSecurity($0) }
        }
        let interval = positive(check.interval, default: HealthCheckOptions.standardInterval)
        var plan = HealthCheckPlan(
            mode: isGRPC ? .grpc : .http, server: server,
            method: isGRPC ? "POST" : check.method.isEmpty ? "GET" : check.method,
            target: isGRPC
                ? GRPCHealth.target : RelativeReference.target(check.path, from: RelativeReference.target(of: url)),
            host: check.hostname.isEmpty ? address.authority : check.hostname,
            headers: check.headers.sorted { $0.key < $1.key }.compactMap { name, value in
                // Framing is ours, and Host has an option of its own.
                ["host", "content-length", "transfer-encoding", "connection"].contains(name.lowercased())
                    ? nil : .init(name: name, value: value)
            },
            status: check.status == 0 ? nil : UInt16(clamping: check.status),
            interval: interval,
            unhealthyInterval: check.unhealthyInterval.map {
                positive($0, default: HealthCheckOptions.standardInterval)
            } ?? interval,
            timeout: positive(check.timeout, default: HealthCheckOptions.standardTimeout),
            followsRedirects: check.followRedirects ?? true, transport: redirecting, fault: fault)
        if isGRPC {
            plan.followsRedirects = false
            plan.headers += [
                .init(name: "Content-Type", value: "application/grpc"), .init(name: "Te", value: "trailers"),
            ]
        }
        return plan
    }

    /// Durations that are no pause at all are taken for the default, as in Traefik.
    private func positive(_ duration: OptionDuration?, default standard: OptionDuration) -> Int64 {
        guard let duration, duration.nanoseconds > 0 else { return standard.nanoseconds }
        return duration.nanoseconds
    }
}

extension HealthCheckOptions {
    static let standardInterval = OptionDuration.seconds(30)
    static let standardTimeout = OptionDuration.seconds(5)

    /// What is used in the place of durations that are none, in words for the log.
    var corrections: [String] {
        let durations: [(name: String, value: OptionDuration?, standard: Int)] = [
            ("interval", interval, 30), ("unhealthyInterval", unhealthyInterval, 30), ("timeout", timeout, 5),
        ]
        return durations.compactMap { duration in
            guard let value = duration.value, value.nanoseconds <= 0 else { return nil }
            return "healthCheck.\(duration.name) is not above zero: the default, \(duration.standard)s, is used"
        }
    }
}

extension PassiveHealthCheckOptions {
    fileprivate func failureWindow() -> FailureWindow {
        FailureWindow(
            attempts: maxFailedAttempts,
            window: UInt64(clamping: (failureWindow ?? .seconds(10)).nanoseconds))
    }
}

extension PassiveHealthCheckOptions? {
    /// Whether a server's window is what the options ask for.
    fileprivate func describes(_ window: FailureWindow?) -> Bool {
        guard let wanted = self?.failureWindow() else { return window == nil }
        return window?.attempts == wanted.attempts && window?.window == wanted.window
    }
}
