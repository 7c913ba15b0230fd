import MartinetConfig
import MartinetCore
import MartinetHTTP
import MartinetServer

/// A middleware of the tests, known by its name.
final class MarkMiddleware: HTTPMiddleware {
    let name: String
    init(name: String) { self.name = name }
}

/// One that counts.
final class CountMiddleware: StatefulMiddleware {
    func fresh() -> any HTTPMiddleware { CountMiddleware() }
}

/// A factory that knows `addPrefix` only and refuses the prefix `bad`.
struct MarkFactory: MiddlewareFactory {
    struct Refusal: Error, CustomStringConvertible { let description: String }

    func unavailableReason(_ options: MiddlewareOptions) -> String? {
        options.addPrefix?.prefix == "later" ? "addPrefix later is not available in this version" : nil
    }

    func make(_ options: MiddlewareOptions, context: MiddlewareContext) throws -> any HTTPMiddleware {
        guard options.addPrefix?.prefix != "bad" else { throw Refusal(description: "bad prefix") }
        if let name = options.addPrefix?.prefix, name.hasPrefix("ask ") {
            _ = try context.service(String(name.dropFirst(4)))
        }
        if options.addPrefix?.prefix.hasPrefix("count ") == true { return CountMiddleware() }
        return MarkMiddleware(name: context.name)
    }
}

/// Builds configurations in few words.
struct RoutingFixture {
    var routing = DecodedRouting()

    mutating func router(
        _ name: String, _ rule: String, service: String = "", _ change: (inout HTTPRouterOptions) -> Void = { _ in }
    ) {
        var options = HTTPRouterOptions()
        options.rule = rule
        options.service = service
        change(&options)
        routing.configuration.http.routers[name] = Boxed(options)
    }

    mutating func balancer(
        _ name: String, _ urls: [String] = ["http://10.0.0.1:80"],
        _ change: (inout HTTPServiceOptions) -> Void = { _ in }
    ) {
        var balancer = LoadBalancerOptions()
        balancer.servers = urls.map { url in
            var server = ServerOptions()
            server.url = url
            return server
        }
        var options = HTTPServiceOptions()
        options.loadBalancer = balancer
        change(&options)
        routing.configuration.http.services[name] = Boxed(options)
    }

    mutating func weighted(_ name: String, _ members: [String]) {
        var options = HTTPServiceOptions()
        options.weighted = WeightedOptions()
        options.weighted?.services = members.map { member in
            var options = WeightedChildOptions()
            options.name = member
            return options
        }
        routing.configuration.http.services[name] = Boxed(options)
    }

    mutating func addPrefix(_ name: String, _ prefix: String = "/x") {
        var options = MiddlewareOptions()
        options.addPrefix = AddPrefixOptions()
        options.addPrefix?.prefix = prefix
        routing.configuration.http.middlewares[name] = Boxed(options)
    }

    mutating func chain(_ name: String, _ members: [String]) {
        var options = MiddlewareOptions()
        options.chain = ChainOptions()
        options.chain?.middlewares = members
        routing.configuration.http.middlewares[name] = Boxed(options)
    }

    /// Entry points `web` and `traefik`, and `models` with a middleware of their own.
    static func settings(models: [String: [String]] = [:]) -> CompilerSettings {
        var settings = CompilerSettings()
        settings.entryPoints = [.init(name: "web"), .init(name: "traefik")]
        for (name, middlewares) in models.sorted(by: { $0.key < $1.key }) {
            var entryPoint = CompilerSettings.EntryPoint(name: name)
            entryPoint.middlewares = middlewares
            settings.entryPoints.append(entryPoint)
        }
        return settings
    }

    func compile(settings: CompilerSettings = RoutingFixture.settings(), previous: CompiledRouting? = nil)
        -> CompiledRouting
    {
        RoutingCompiler(middlewares: MarkFactory()).compile(
            inputs: [ProviderConfiguration(name: "file", routing: routing)], settings: settings, previous: previous
        )
    }
}

extension CompiledRouting {
    /// The router that serves a GET of `http://host/path` on an entry point.
    func route(_ host: String, _ path: String = "/", entryPoint: String = "web") -> Route? {
        entryPoints[entryPoint]?.plain.route(host, path)
    }
}

extension RoutingTable<Route> {
    func route(_ host: String, _ path: String = "/") -> Route? {
        let head = RequestHead()
        return Array(host.utf8).withUnsafeBytes { host in
            Array(path.utf8).withUnsafeBytes { path in
                match(head, host: host, path: path, peer: IPAddress(v4: 0x7F00_0001))
            }
        }
    }
}
