/// All benchmarks: one line each.
enum Catalog {
    static var entries: [BenchmarkEntry] {
        [
            BenchmarkEntry(name: "request-head-parse", about: "head of six lines, 250 bytes") {
                try RequestHeadParsing()
            },
            BenchmarkEntry(name: "response-head-parse", about: "head of four lines") { try ResponseHeadParsing() },
            BenchmarkEntry(name: "request-head-write", about: "the same head with forwarding headers, for a server") {
                try RequestHeadWriting()
            },
            BenchmarkEntry(name: "response-head-write", about: "the same head, for a client") {
                try ResponseHeadWriting()
            },
            BenchmarkEntry(name: "chunked-decode", about: "body of four chunks of 1 KiB") { try ChunkedDecoding() },
            BenchmarkEntry(name: "match-1", about: "router of a request, of one `Host && PathPrefix`") {
                try RouteMatching(routers: 1)
            },
            BenchmarkEntry(name: "match-10000", about: "router of a request, of 10,000") {
                try RouteMatching(routers: 10_000)
            },
            BenchmarkEntry(name: "rule-compile", about: "``Host(`h1.test`) && PathPrefix(`/api/v1`)``") {
                try RuleCompiling("Host(`h1.test`) && PathPrefix(`/api/v1`)")
            },
            BenchmarkEntry(name: "rule-compile-regexp", about: "``Host(`h1.test`) && PathRegexp(`^/v[0-9]+/`)``") {
                try RuleCompiling("Host(`h1.test`) && PathRegexp(`^/v[0-9]+/`)")
            },
            BenchmarkEntry(name: "configuration-compile", about: "one router and one service to a routing table") {
                try ConfigurationCompiling()
            },
            BenchmarkEntry(name: "proxied-get", about: "whole GET over loopback, client and origin included") {
                try await ProxiedRequest(SampleConfiguration.plain)
            },
            BenchmarkEntry(name: "proxied-get-5-middlewares", about: "the same through five synchronous middlewares") {
                try await ProxiedRequest(SampleConfiguration.fiveMiddlewares)
            },
        ]
    }
}
