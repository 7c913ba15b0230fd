import MartinetCore

/// The middlewares with memory that routers and services have for themselves.
///
/// What the catalogue built of a name and its options is the original; whoever names it gets one of its own, and gets the same one
/// again as long as the original is the same. So a breaker stays open when the router's rule changes, and begins anew when its
/// expression does.
struct MiddlewareInstances: Sendable {
    private struct Instance: Sendable {
        let original: any StatefulMiddleware
        let own: any HTTPMiddleware
    }

    private var byOwner: [ObjectKey: [Instance]] = [:]

    /// `chain` with each middleware that has memory replaced by the owner's own. An owner that names one twice has two.
    mutating func personalize(_ chain: [any HTTPMiddleware], of owner: ObjectKey) -> [any HTTPMiddleware] {
        var known = byOwner[owner] ?? []
        var instances: [Instance] = []
        let result = chain.map { middleware -> any HTTPMiddleware in
            guard let original = middleware as? any StatefulMiddleware else { return middleware }
            let instance: Instance
            if let index = known.firstIndex(where: { $0.original === original }) {
                instance = known.remove(at: index)
            } else {
                instance = Instance(original: original, own: original.fresh())
            }
            instances.append(instance)
            return instance.own
        }
        if !instances.isEmpty || byOwner[owner] != nil { byOwner[owner] = instances.isEmpty ? nil : instances }
        return result
    }

    /// The owner is gone, and its counts with it.
    mutating func forget(_ owner: ObjectKey) {
        if !byOwner.isEmpty { byOwner[owner] = nil }
    }
}
