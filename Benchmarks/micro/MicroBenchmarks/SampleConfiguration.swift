import MartinetConfig
import MartinetCore
import MartinetServer

/// Configurations that several benchmarks run with.
enum SampleConfiguration {
    /// One entry point, `web`.
    static var settings: CompilerSettings {
        var settings = CompilerSettings()
        settings.entryPoints = [.init(name: "web")]
        return settings
    }

    /// Everything goes to the origin on this port.
    static func plain(origin: UInt16) throws -> ProviderConfiguration {
        try decode(
            """
            http:
              routers:
                all: {rule: PathPrefix(`/`), service: origin}
            \(service(origin))
            """)
    }

    /// The same through five middlewares that change the request or its answer without waiting for anything.
    static func fiveMiddlewares(origin: UInt16) throws -> ProviderConfiguration {
        try decode(
            """
            http:
              routers:
                all:
                  rule: PathPrefix(`/`)
                  service: origin
                  middlewares: [strip, add, request-headers, answer-headers, security]
              middlewares:
                strip: {stripPrefix: {prefixes: [/api]}}
                add: {addPrefix: {prefix: /app}}
                request-headers: {headers: {customRequestHeaders: {X-Team: edge, X-Stage: production, Cookie: ""}}}
                answer-headers: {headers: {customResponseHeaders: {X-Served-By: martinet, Server: ""}}}
                security: {headers: {frameDeny: true, contentTypeNosniff: true}}
            \(service(origin))
            """)
    }

    private static func service(_ origin: UInt16) -> String {
        "  services:\n    origin: {loadBalancer: {servers: [{url: \"http://127.0.0.1:\(origin)\"}]}}"
    }

    private static func decode(_ text: String) throws -> ProviderConfiguration {
        let routing = RoutingDecoder.decode(try parseDocument(text, format: .yaml, file: "benchmark.yml"))
        guard routing.problems.isEmpty, routing.broken.isEmpty else {
            throw BenchmarkError(description: "the sample configuration is wrong: \(routing.problems)")
        }
        return ProviderConfiguration(name: "file", routing: routing)
    }
}
