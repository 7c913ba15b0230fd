import MartinetConfig
import MartinetCore

/// Bringing tables and the API's view up to date with the routers that were built.
extension Compilation {
    /// Replaces the routers that changed in the tables of the entry points they are or were on; other tables stay.
    func fillTables() {
        var leaving: [String: Set<ObjectIdentifier>] = [:]
        var coming: [String: [RouteEntry<Route>]] = [:]
        for copy in retired.lazy.flatMap(\.copies) {
            runtime.routers[copy.name] = nil
            guard let entry = copy.entry else { continue }
            for entryPoint in copy.runtime.using {
                leaving[entryPoint, default: []].insert(ObjectIdentifier(entry.payload))
            }
        }
        for copy in fresh.lazy.flatMap(\.copies) {
            runtime.routers[copy.name] = copy.runtime
            guard let entry = copy.entry else { continue }
            for entryPoint in copy.runtime.using { coming[entryPoint, default: []].append(entry) }
        }
        for entryPoint in state.settings.entryPoints where !entryPoint.isUDP {
            let name = entryPoint.name
            guard leaving[name] != nil || coming[name] != nil || state.tables[name] == nil else { continue }
            var entries = state.tables.removeValue(forKey: name) ?? EntryPointEntries()
            if let leaving = leaving[name] {
                entries.plain.removeAll { leaving.contains(ObjectIdentifier($0.payload)) }
            }
            // Mostly sorted already: the sort takes runs as they are.
            entries.plain += coming[name] ?? []
            entries.plain.sort { $0.precedes($1) }
            entries.table = EntryPointTable(plain: RoutingTable(entries.plain), secure: RoutingTable())
            state.tables[name] = entries
        }
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
