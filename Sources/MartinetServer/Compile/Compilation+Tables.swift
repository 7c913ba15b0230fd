import MartinetConfig
import MartinetCore

/// Bringing tables and the API's view up to date with the routers that were built.
extension Compilation {
    /// Replaces the routers that changed in the tables of the entry points they are or were on; other tables stay.
    func fillTables() {
        var leaving: [String: Set<ObjectIdentifier>] = [:]
        var coming: [String: [RouteEntry<Route>]] = [:]
        var comingSecure: [String: [RouteEntry<Route>]] = [:]
        var leavingTLS: [String: [String]] = [:]
        var comingTLS: [String: [TLSRouter]] = [:]
        for copy in retired.lazy.flatMap(\.copies) {
            runtime.routers[copy.name] = nil
            guard let entry = copy.entry else { continue }
            for entryPoint in copy.runtime.using {
                leaving[entryPoint, default: []].insert(ObjectIdentifier(entry.payload))
                if copy.tls != nil { leavingTLS[entryPoint, default: []].append(copy.name) }
            }
        }
        for copy in fresh.lazy.flatMap(\.copies) {
            runtime.routers[copy.name] = copy.runtime
            guard let entry = copy.entry else { continue }
            for entryPoint in copy.runtime.using {
                if let tls = copy.tls {
                    comingSecure[entryPoint, default: []].append(entry)
                    comingTLS[entryPoint, default: []].append(tls.value)
                } else {
                    coming[entryPoint, default: []].append(entry)
                }
            }
        }
        for entryPoint in state.settings.entryPoints where !entryPoint.isUDP {
            let name = entryPoint.name
            let isNew = state.tables[name] == nil
            guard isNew || leaving[name] != nil || coming[name] != nil || comingTLS[name] != nil else { continue }
            var entries = state.tables.removeValue(forKey: name) ?? EntryPointEntries()
            let plain = replace(&entries.plain, leaving[name], coming[name])
            let secure = replace(&entries.secure, leaving[name], comingSecure[name])
            for router in leavingTLS[name] ?? [] { entries.tlsRouters[router] = nil }
            for router in comingTLS[name] ?? [] { entries.tlsRouters[router.name] = router }
            if secure { secureChanged.insert(name) }
            // The table of routers with TLS is filled once it is known which of them may stay (`fillTLS`).
            if plain || isNew {
                entries.table = EntryPointTable(plain: RoutingTable(entries.plain), secure: entries.table.secure)
            }
            state.tables[name] = entries
        }
    }

    /// Returns whether anything changed.
    private func replace(
        _ entries: inout [RouteEntry<Route>], _ leaving: Set<ObjectIdentifier>?, _ coming: [RouteEntry<Route>]?
    ) -> Bool {
        let before = entries.count
        if let leaving { entries.removeAll { leaving.contains(ObjectIdentifier($0.payload)) } }
        guard let coming else { return entries.count != before }
        // Mostly sorted already: the sort takes runs as they are.
        entries += coming
        entries.sort { $0.precedes($1) }
        return true
    }

    /// Keeps, for each service and middleware, the sorted names of the routers that use it.
    func noteUses() {
        var leaving: [ObjectKey: Set<String>] = [:]
        var coming: [ObjectKey: [String]] = [:]
        for copy in retired.lazy.flatMap(\.copies) {
            for key in copy.uses { leaving[key, default: []].insert(copy.name) }
        }
        for copy in fresh.lazy.flatMap(\.copies) {
            for key in copy.uses { coming[key, default: []].append(copy.name) }
        }
        for key in Set(leaving.keys).union(coming.keys) {
            func update(_ names: inout [String]) {
                if let leaving = leaving[key] { names.removeAll { leaving.contains($0) } }
                guard let coming = coming[key] else { return }
                names += coming
                names.sort()
            }
            switch key.kind {
            case .service:
                if let index = runtime.services.index(forKey: key.name) {
                    update(&runtime.services.values[index].usedBy)
                }
            case .middleware:
                if let index = runtime.middlewares.index(forKey: key.name) {
                    update(&runtime.middlewares.values[index].usedBy)
                }
            case .router, .serversTransport:
                break
            }
        }
    }
}
