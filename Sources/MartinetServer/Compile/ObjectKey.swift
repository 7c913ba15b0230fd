/// Names one object of the routing configuration over all providers.
struct ObjectKey: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable {
        case router, service, middleware, serversTransport
    }

    let kind: Kind
    /// `name@provider`.
    let name: String

    static func router(_ name: String) -> ObjectKey { ObjectKey(kind: .router, name: name) }
    static func service(_ name: String) -> ObjectKey { ObjectKey(kind: .service, name: name) }
    static func middleware(_ name: String) -> ObjectKey { ObjectKey(kind: .middleware, name: name) }
    static func serversTransport(_ name: String) -> ObjectKey { ObjectKey(kind: .serversTransport, name: name) }
}

/// Names of objects: `name@provider`, where a reference without provider means the provider of whoever refers.
enum QualifiedName {
    /// `name` with its provider: its own, else `provider`.
    static func make(_ name: String, provider: String) -> String {
        name.utf8.contains(UInt8(ascii: "@")) ? name : "\(name)@\(provider)"
    }

    /// What follows the last `@`; empty without one.
    static func provider(of name: String) -> String {
        guard let at = name.utf8.lastIndex(of: UInt8(ascii: "@")) else { return "" }
        return String(name[name.utf8.index(after: at)...])
    }
}
