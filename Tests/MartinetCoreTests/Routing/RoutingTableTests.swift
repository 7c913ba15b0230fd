import MartinetCore
import MartinetHTTP
import Testing

@Suite struct RoutingTableTests {
    static func entry(_ rule: String, priority: Int64? = nil, order: Int = 0, name: String) throws -> RouteEntry<String>
    {
        RouteEntry(
            rule: try CompiledRule(rule),
            priority: priority ?? Int64(rule.utf8.count),
            order: order,
            name: name,
            payload: name
        )
    }

    static func match<Payload>(_ table: RoutingTable<Payload>, _ request: RuleRequest) -> Payload? {
        request.with { table.match($0, host: $1.host, path: $1.path, peer: $1.peer) }
    }

    @Test func higherPriorityWinsThenProviderThenName() throws {
        let table = RoutingTable([
            try Self.entry("Host(`a.example`)", name: "long"),
            try Self.entry("PathPrefix(`/`)", priority: 100, order: 2, name: "b"),
            try Self.entry("PathPrefix(`/`)", priority: 100, order: 1, name: "d"),
            try Self.entry("PathPrefix(`/`)", priority: 100, order: 1, name: "c"),
            try Self.entry("Host(`*.example`)", priority: -5, name: "low"),
        ])
        #expect(Self.match(table, RuleRequest()) == "c")
        #expect(table.count == 5)
    }

    @Test func anEmptyTableMatchesNothing() {
        #expect(Self.match(RoutingTable<String>(), RuleRequest()) == nil)
    }

    @Test func negativePrioritiesComeLast() throws {
        let table = RoutingTable([
            try Self.entry("Path(`/a`)", priority: Int64.min, name: "last"),
            try Self.entry("PathPrefix(`/`)", priority: Int64.max, name: "first"),
        ])
        #expect(Self.match(table, RuleRequest(path: "/a")) == "first")
    }

    @Test func rulesOfThousandsOfAlternativesStillMatch() throws {
        let hosts = (0..<70).map { "Host(`h\($0).example`)" }.joined(separator: " || ")
        let paths = (0..<70).map { "Path(`/p\($0)`)" }.joined(separator: " || ")
        let table = RoutingTable([try Self.entry("(\(hosts)) && (\(paths))", name: "x")])
        #expect(Self.match(table, RuleRequest(host: "h69.example", path: "/p69")) == "x")
        #expect(Self.match(table, RuleRequest(host: "h70.example", path: "/p69")) == nil)
        #expect(Self.match(table, RuleRequest(host: "h69.example", path: "/p70")) == nil)
    }

    @Test func manyPrefixesUnderOneHostKeepTheirPrecedence() throws {
        var entries = try (0..<300).map { try Self.entry("Host(`a.example`) && PathPrefix(`/p\($0)`)", name: "p\($0)") }
        entries.append(try Self.entry("Host(`a.example`) && Path(`/p29`)", priority: 1000, name: "exact"))
        entries.append(try Self.entry("Host(`a.example`)", name: "any"))
        let table = RoutingTable(entries)
        #expect(Self.match(table, RuleRequest(path: "/p299/x")) == "p299")
        #expect(Self.match(table, RuleRequest(path: "/p29")) == "exact")
        #expect(Self.match(table, RuleRequest(path: "/p29x")) == "p29")
        #expect(Self.match(table, RuleRequest(path: "/q")) == "any")
        #expect(Self.match(table, RuleRequest(path: "")) == "any")
    }

    @Test(arguments: 0..<40)
    func agreesWithAskingEveryRule(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<10 {
            let size = [3, 12, 60, 200].randomElement(using: &random) ?? 3
            var entries: [RouteEntry<Int>] = []
            for number in 0..<size {
                let text = RandomRules.rule(&random)
                let rule = try CompiledRule(text)
                let priority: Int64 = [0, 1, 5, -3, Int64(text.utf8.count)].randomElement(using: &random) ?? 0
                let order = Int.random(in: 0...2, using: &random)
                entries.append(
                    RouteEntry(rule: rule, priority: priority, order: order, name: "r\(number)", payload: number)
                )
            }
            let table = RoutingTable(entries.shuffled(using: &random))
            let linear = entries.sorted { $0.precedes($1) }
            for _ in 0..<40 {
                let request = RandomRules.request(&random)
                let expected = request.with { head, subject in linear.first { $0.rule.matches(head, subject) }?.payload
                }
                let found = Self.match(table, request)
                #expect(found == expected, "\(request), rules \(linear.map(\.rule.text))")
                if found != expected { return }
            }
        }
    }
}
