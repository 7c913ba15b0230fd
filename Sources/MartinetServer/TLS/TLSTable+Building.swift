/// Which options each host gets, out of what routers ask for.
///
/// Two routers that want different options for one host cannot both have their way: the handshake is over before the path is known.
///
/// | | what conflicts | hosts in conflict | the routers |
/// |---|---|---|---|
/// | Traefik | names of options, broken ones too | `default`, and so are all other hosts of these routers | warning |
/// | Martinet | names of options of routers that work | `default`; other hosts of these routers keep their options | warning |
/// | both, with `core.strictTLSOptions` | names of options, broken ones too | not mapped | disabled |
extension TLSTable {
    /// - Parameters:
    ///   - routers: those with TLS on one entry point, names unique.
    ///   - isStrict: `core.strictTLSOptions`.
    /// - Returns: the table, and what is wrong by name of the router.
    package static func build(
        _ routers: [TLSRouter], tls: CompiledTLS, isStrict: Bool, allowsACMEByPass: Bool = false
    ) -> (table: TLSTable, problems: [String: [TLSRouterProblem]]) {
        var problems: [String: [TLSRouterProblem]] = [:]
        var living: [TLSRouter] = []
        var brokenHosts: Set<String> = []
        let conflicting = isStrict ? hostsInConflict(routers) : []
        for router in routers {
            var found = problemsWithoutHosts(router, isStrict: isStrict)
            if router.hosts.contains(where: conflicting.contains) { found.append(.strictConflict) }
            // A router without hosts gets `default`, whatever it asks for.
            let options = router.hosts.isEmpty ? ServerTLSPolicy.defaultName : router.options
            for name in Set([options, router.options]) {
                guard let failure = tls.failure(ofOptions: name) else { continue }
                found.append(.init(disables: true, reason: failure.reason, remedy: failure.remedy))
                if !router.hosts.contains(where: conflicting.contains) { brokenHosts.formUnion(router.hosts) }
            }
            if !found.contains(where: \.disables) { living.append(router) }
            if !found.isEmpty { problems[router.name] = found }
        }
        var hosts: [String: ServerTLSPolicy?] = [:]
        for host in brokenHosts { hosts.updateValue(nil, forKey: host) }
        for (host, wanted) in byHost(living) {
            let names = Set(wanted.map(\.options))
            let name = names.count == 1 ? names.first ?? ServerTLSPolicy.defaultName : ServerTLSPolicy.defaultName
            hosts.updateValue(tls.policies[name], forKey: host)
            guard names.count > 1 else { continue }
            for router in wanted where problems[router.name]?.contains(.conflict) != true {
                problems[router.name, default: []].append(.conflict)
            }
        }
        let table = TLSTable(
            hosts: hosts, fallback: tls.policies[ServerTLSPolicy.defaultName], store: tls.store,
            allowsACMEByPass: allowsACMEByPass)
        return (table, problems)
    }

    private static func byHost(_ routers: [TLSRouter]) -> [String: [TLSRouter]] {
        var found: [String: [TLSRouter]] = [:]
        for router in routers {
            for host in router.hosts { found[host, default: []].append(router) }
        }
        return found
    }

    private static func hostsInConflict(_ routers: [TLSRouter]) -> Set<String> {
        Set(byHost(routers).filter { Set($0.value.map(\.options)).count > 1 }.keys)
    }

    private static func problemsWithoutHosts(_ router: TLSRouter, isStrict: Bool) -> [TLSRouterProblem] {
        guard router.hosts.isEmpty, router.options != ServerTLSPolicy.defaultName else { return [] }
        let noDomain = TLSRouterProblem(
            disables: isStrict,
            reason: "no domain found in rule \(router.rule), the TLS option \(router.options) cannot be applied",
            remedy: "name the hosts in the rule, or leave tls.options out", isConflict: true)
        return isStrict ? [.strictConflict, noDomain] : [noDomain]
    }
}

extension TLSRouterProblem {
    fileprivate static let conflict = TLSRouterProblem(
        disables: false,
        reason: "router's TLSOptions configuration is conflicting with other routers on the same entrypoint and host, "
            + "default TLS options will be used instead",
        remedy: "give all routers of a host the same tls.options", isConflict: true)

    fileprivate static let strictConflict = TLSRouterProblem(
        disables: true,
        reason: "router's TLSOptions configuration is conflicting with other routers on the same entrypoint and host",
        remedy: "give all routers of a host the same tls.options", isConflict: true)
}
