import MartinetConfig
import MartinetCore

/// Objects that could not be decoded: known by name, so that what uses them can say why it does not work.
extension Compilation {
    func takeBroken(_ new: DecodedRouting, over old: DecodedRouting, provider: String) {
        guard new.broken != old.broken else { return }
        for path in Set(old.broken.keys).union(new.broken.keys) where old.broken[path] != new.broken[path] {
            guard let key = Self.key(path, provider: provider) else { continue }
            state.broken[key] = new.broken[path].map { $0.first { $0.severity == .error }?.reason ?? "no reason given" }
            changed.insert(key)
        }
    }

    /// What one provider said that cannot be served.
    func diagnostics(of input: ProviderConfiguration) -> [Diagnostic] {
        let broken = input.routing.broken.sorted { $0.key < $1.key }.flatMap(\.value)
        let unavailable = input.routing.configuration.unavailableObjects(provider: input.name)
        return input.routing.problems + broken + unavailable.map(placed)
    }

    /// Where an object stands in its provider's configuration, when the provider knows.
    func position(of key: ObjectKey) -> SourcePosition? {
        position(of: "http.\(key.kind.rawValue)s.\(key.name)")
    }

    /// The problem with the place of the object that its path names, `tls.options.strict@file`, if it has none yet.
    func placed(_ problem: Diagnostic) -> Diagnostic {
        guard problem.position == nil else { return problem }
        var result = problem
        result.position = position(of: problem.path)
        return result
    }

    private func position(of path: String) -> SourcePosition? {
        let provider = QualifiedName.provider(of: path)
        guard let input = state.inputs.first(where: { $0.name == provider }) else { return nil }
        return input.routing.positions[String(path.dropLast(provider.utf8.count + 1))]
    }

    /// The object that a path such as `http.middlewares.NAME` names.
    private static func key(_ path: String, provider: String) -> ObjectKey? {
        let kinds: [(String, ObjectKey.Kind)] = [
            ("http.services.", .service), ("http.middlewares.", .middleware), ("http.routers.", .router),
            ("http.serversTransports.", .serversTransport),
        ]
        for (prefix, kind) in kinds where path.hasPrefix(prefix) {
            let name = String(path.dropFirst(prefix.count))
            return ObjectKey(kind: kind, name: QualifiedName.make(name, provider: provider))
        }
        return nil
    }
}
