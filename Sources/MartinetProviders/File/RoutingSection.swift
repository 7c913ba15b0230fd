import MartinetConfig

/// One kind of named objects of a routing configuration, for code that treats all kinds alike.
struct RoutingSection: Sendable {
    /// `http.routers`: what the paths of its objects start with.
    let path: String
    let names: @Sendable (RoutingConfiguration) -> [String]
    /// Copies the named objects from one configuration to the other.
    let copy: @Sendable (_ names: [String], RoutingConfiguration, inout RoutingConfiguration) -> Void
    let remove: @Sendable (_ names: [String], inout RoutingConfiguration) -> Void

    /// All kinds there are. Certificates have no names and are a list: `tls.certificates`.
    static let all: [RoutingSection] = [
        RoutingSection("http.routers", get: { $0.http.routers }, modify: { $1(&$0.http.routers) }),
        RoutingSection("http.services", get: { $0.http.services }, modify: { $1(&$0.http.services) }),
        RoutingSection("http.middlewares", get: { $0.http.middlewares }, modify: { $1(&$0.http.middlewares) }),
        RoutingSection(
            "http.serversTransports",
            get: { $0.http.serversTransports },
            modify: { $1(&$0.http.serversTransports) }
        ),
        RoutingSection("tcp.routers", get: { $0.tcp.routers }, modify: { $1(&$0.tcp.routers) }),
        RoutingSection("tcp.services", get: { $0.tcp.services }, modify: { $1(&$0.tcp.services) }),
        RoutingSection("tcp.middlewares", get: { $0.tcp.middlewares }, modify: { $1(&$0.tcp.middlewares) }),
        RoutingSection(
            "tcp.serversTransports",
            get: { $0.tcp.serversTransports },
            modify: { $1(&$0.tcp.serversTransports) }
        ),
        RoutingSection("udp.routers", get: { $0.udp.routers }, modify: { $1(&$0.udp.routers) }),
        RoutingSection("udp.services", get: { $0.udp.services }, modify: { $1(&$0.udp.services) }),
        RoutingSection("tls.options", get: { $0.tls.options }, modify: { $1(&$0.tls.options) }),
        RoutingSection("tls.stores", get: { $0.tls.stores }, modify: { $1(&$0.tls.stores) }),
    ]

    /// `modify` hands out the dictionary in place: a copy per object would make merging quadratic.
    private init<Object>(
        _ path: String,
        get: @escaping @Sendable (RoutingConfiguration) -> [String: Object],
        modify: @escaping @Sendable (inout RoutingConfiguration, (inout [String: Object]) -> Void) -> Void
    ) {
        self.path = path
        names = { Array(get($0).keys) }
        copy = { names, source, target in
            let objects = get(source)
            modify(&target) { merged in
                for name in names {
                    if let object = objects[name] { merged[name] = object }
                }
            }
        }
        remove = { names, target in
            modify(&target) { merged in
                for name in names { merged.removeValue(forKey: name) }
            }
        }
    }
}
