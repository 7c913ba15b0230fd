extension InstallConfiguration {
    /// Entry points that are there without being asked for, as in Traefik: `http` on port 80 when none is given, and `traefik` on port
    /// 8080 when something wants to be on it.
    mutating func applyDefaultEntryPoints() {
        if entryPoints.isEmpty {
            var http = EntryPointOptions()
            http.address = ":80"
            entryPoints["http"] = http
        }
        let wanted =
            (api?.insecure ?? false) || (providers.rest?.insecure ?? false)
            || (ping.map { !$0.manualRouting && $0.entryPoint == "traefik" } ?? false)
            || (metrics?.prometheus.map { !$0.manualRouting && $0.entryPoint == "traefik" } ?? false)
        if wanted, entryPoints["traefik"] == nil {
            var traefik = EntryPointOptions()
            traefik.address = ":8080"
            entryPoints["traefik"] = traefik
        }
    }

    /// What single options cannot know of each other.
    func check(_ context: inout DecodingContext) {
        for (name, entryPoint) in entryPoints.sorted(by: { $0.key < $1.key }) {
            entryPoint.check("entryPoints.\(name)", &context)
        }
        checkNames(&context)
        let levels = ["TRACE", "DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL", "PANIC"]
        if !levels.contains(log.level.uppercased()) {
            context.error(
                "log.level", at: nil, "unknown level \"\(log.level)\"",
                remedy: "use one of \(levels.joined(separator: ", "))")
        }
        if !["common", "json", ""].contains(log.format) {
            context.error("log.format", at: nil, "unknown format \"\(log.format)\"", remedy: "use common or json")
        }
        if let file = providers.file {
            if file.directory.isEmpty == file.filename.isEmpty {
                context.error(
                    "providers.file", at: nil,
                    file.directory.isEmpty
                        ? "neither directory nor filename is given" : "both directory and filename are given",
                    remedy: "give one of them"
                )
            }
        }
    }

    private func checkNames(_ context: inout DecodingContext) {
        let known = entryPoints.keys.sorted()
        func check(_ name: String, _ path: String) {
            guard !name.isEmpty, entryPoints[name] == nil else { return }
            context.error(
                path, at: nil, "there is no entry point \"\(name)\"",
                remedy: NearestName.of(name, among: known).map { "did you mean \"\($0)\"?" }
                    ?? "entry points are \(known.joined(separator: ", "))"
            )
        }
        if let ping, !ping.manualRouting { check(ping.entryPoint, "ping.entryPoint") }
        if let prometheus = metrics?.prometheus, !prometheus.manualRouting {
            check(prometheus.entryPoint, "metrics.prometheus.entryPoint")
        }
        for (name, entryPoint) in entryPoints {
            if let to = entryPoint.http.redirections?.entryPoint?.to, !to.hasPrefix(":") {
                check(to, "entryPoints.\(name).http.redirections.entryPoint.to")
            }
        }
    }
}

extension EntryPointOptions {
    /// Host (empty: all addresses), port and whether it is UDP; nil when ``address`` is none.
    package var parsedAddress: (host: String, port: UInt16, isUDP: Bool)? {
        var text = Substring(address)
        var isUDP = false
        if let slash = text.lastIndex(of: "/") {
            switch text[text.index(after: slash)...].lowercased() {
            case "tcp": isUDP = false
            case "udp": isUDP = true
            default: return nil
            }
            text = text[..<slash]
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        return (String(host), port, isUDP)
    }

    func check(_ path: String, _ context: inout DecodingContext) {
        if address.isEmpty {
            context.error(path + ".address", at: nil, "no address is given", remedy: "for example address: \":8000\"")
        } else if parsedAddress == nil {
            context.error(
                path + ".address", at: nil, "\"\(address)\" is no address",
                remedy: "write host:port or :port, with /udp for UDP; an IPv6 host goes in brackets"
            )
        }
        for (strategy, name) in [
            (http.aliasHeadersStrategy, "aliasHeadersStrategy"),
            (http.underscoreHeadersStrategy, "underscoreHeadersStrategy"),
        ] where !["", "keep", "delete", "reject"].contains(strategy) {
            context.error(
                "\(path).http.\(name)", at: nil, "unknown strategy \"\(strategy)\"",
                remedy: "use keep, delete or reject")
        }
        if !http.aliasHeadersStrategy.isEmpty, !http.underscoreHeadersStrategy.isEmpty,
            http.aliasHeadersStrategy != http.underscoreHeadersStrategy
        {
            context.error(
                "\(path).http", at: nil, "aliasHeadersStrategy and underscoreHeadersStrategy differ",
                remedy: "remove underscoreHeadersStrategy"
            )
        }
        if http2.maxConcurrentStreams < 0 {
            context.error("\(path).http2.maxConcurrentStreams", at: nil, "is negative", remedy: "use 0 or more")
        }
    }
}
