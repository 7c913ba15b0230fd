/// Random rules and requests over a few words, so that many of them meet.
enum RandomRules {
    private static let hosts = ["a.example", "b.example", "x.a.example", "example", "", "c.d.example"]
    private static let paths = ["/", "/a", "/a/b", "/ab", "/b", "/b/c/d", "/a/b/c", "/long/path/of/many/parts"]

    static func request(_ random: inout SeededGenerator) -> RuleRequest {
        RuleRequest(
            method: pick(["GET", "POST", "get"], &random),
            host: pick(hosts, &random),
            path: pick(paths, &random),
            query: pick([nil, "k=v", "k", "l=w&k=x"], &random),
            headers: pick([[], [("X-A", "1")], [("x-a", "2"), ("X-A", "3")]], &random),
            peer: pick(["10.0.0.1", "::1", "192.0.2.1"], &random)
        )
    }

    /// A rule of up to `depth` levels.
    static func rule(_ random: inout SeededGenerator, depth: Int = 3) -> String {
        let choice = depth == 0 ? 0 : Int.random(in: 0..<10, using: &random)
        switch choice {
        case 0...2: return leaf(&random)
        case 3...4: return "(\(rule(&random, depth: depth - 1)) && \(rule(&random, depth: depth - 1)))"
        case 5...6: return "(\(rule(&random, depth: depth - 1)) || \(rule(&random, depth: depth - 1)))"
        case 7: return "!(\(rule(&random, depth: depth - 1)))"
        default: return "Host(`\(host(&random))`) && PathPrefix(`\(pick(paths, &random))`)"
        }
    }

    private static func host(_ random: inout SeededGenerator) -> String {
        pick(["a.example", "b.example", "*.example", "*.a.example", "example", "c.d.example", "*"], &random)
    }

    private static func leaf(_ random: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<12, using: &random) {
        case 0...2: "Host(`\(host(&random))`)"
        case 3...4: "PathPrefix(`\(pick(paths, &random))`)"
        case 5: "Path(`\(pick(paths, &random))`)"
        case 6: "PathRegexp(`\(pick(["^/a", "b$", "c"], &random))`)"
        case 7: "HostRegexp(`\(pick(["^a", "exam", "^$"], &random))`)"
        case 8: "Method(`\(pick(["GET", "post"], &random))`)"
        case 9: "Header(`X-A`, `\(pick(["1", "2", "3"], &random))`)"
        case 10: "Query(`k`, `\(pick(["v", "x"], &random))`)"
        default: "ClientIP(`\(pick(["10.0.0.0/8", "::1", "0.0.0.0/0"], &random))`)"
        }
    }

    private static func pick<Value>(_ values: [Value], _ random: inout SeededGenerator) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }
}
