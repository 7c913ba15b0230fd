import MartinetConfig
import MartinetCore
import MartinetHTTP
import MartinetMiddlewares
import MartinetServer

/// Finding the router of a request among `Host && PathPrefix` routers; each operation asks for another host.
final class RouteMatching: MicroBenchmark {
    private let table: RoutingTable<Int>
    private let hosts: [[UInt8]]
    private let path = Array("/api/v1/items".utf8)
    private let head = RequestHead()
    private var next = 0
    private var found = 0

    init(routers: Int) throws {
        table = RoutingTable(
            try (0..<routers).map { number in
                let rule = try CompiledRule("Host(`h\(number).test`) && PathPrefix(`/api/v1`)")
                return RouteEntry(
                    rule: rule, priority: Int64(rule.text.utf8.count), order: 0, name: "r\(number)", payload: number)
            })
        // A stride that shares no factor with 10,000: neighbours in time are not neighbours in memory.
        hosts = (0..<routers).map { Array("h\(($0 &* 7919) % routers).test".utf8) }
        run(routers)
        guard found == routers else { throw BenchmarkError(description: "a router is not found") }
    }

    func run(_ count: Int) {
        let peer = IPAddress(v4: 0x7F00_0001)
        path.withUnsafeBytes { path in
            for _ in 0..<count {
                hosts[next].withUnsafeBytes { host in
                    if table.match(head, host: host, path: path, peer: peer) != nil { found &+= 1 }
                }
                next = next &+ 1 == hosts.count ? 0 : next &+ 1
            }
        }
    }
}

/// Reading a rule.
final class RuleCompiling: MicroBenchmark {
    private let rule: String
    private var read = 0

    init(_ rule: String) throws {
        self.rule = rule
        _ = try CompiledRule(rule)
    }

    func run(_ count: Int) {
        for _ in 0..<count where (try? CompiledRule(rule)) != nil { read &+= 1 }
    }
}

/// Compiling a whole configuration of one router and one service, from what the providers say to the routing table.
final class ConfigurationCompiling: MicroBenchmark {
    private let compiler = RoutingCompiler(middlewares: MiddlewareCatalog())
    private let inputs: [ProviderConfiguration]
    private let settings = SampleConfiguration.settings
    private var tables = 0

    init() throws {
        inputs = [try SampleConfiguration.plain(origin: 8080)]
    }

    func run(_ count: Int) {
        for _ in 0..<count { tables &+= compiler.compile(inputs: inputs, settings: settings).entryPoints.count }
    }
}
