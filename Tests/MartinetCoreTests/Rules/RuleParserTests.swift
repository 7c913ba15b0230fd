import MartinetCore
import Testing

@Suite struct RuleParserTests {
    @Test(arguments: [
        ("Host(`a`) || Host(`b`) && Host(`c`)", "a | (b & c)"),
        ("(Host(`a`) || Host(`b`)) && Host(`c`)", "(a | b) & c"),
        ("!Host(`a`) && Host(`b`)", "!a & b"),
        ("!(Host(`a`) && Host(`b`))", "!a | !b"),
        ("!(Host(`a`) || !Host(`b`))", "!a & b"),
        ("Host(`a`) &&\n  Host(`b`)\n", "a & b"),
        ("Host(\n`a`,\n) // the host\n", "a"),
        ("Host(`a`) /* x */ || Host(`b`)", "a | b"),
        ("Host(\"\\x61\\142\\u0063\\t\\\"\")", "abc\t\""),
        ("Host(`a\\n`)", "a\\n"),
        ("((Host(`a`) && Host(`b`)) && Host(`c`))", "a & b & c"),
    ])
    func readsTheGrammar(rule: String, expected: String) throws {
        #expect(try Self.render(RuleParser.parse(rule)) == expected)
    }

    @Test func longChainsAreNoDeepTrees() throws {
        let rule = (0..<20_000).map { "Host(`h\($0)`)" }.joined(separator: " || ")
        let compiled = try CompiledRule(rule)
        #expect(RuleRequest(host: "h19999").fulfils(compiled))
        #expect(compiled.domains.count == 20_000)
    }

    /// Rules come from labels that strangers may write: whatever they hold, the parser answers and does not trap.
    @Test func survivesMutatedRules() {
        var random = SeededGenerator(seed: 42)
        let seeds = [
            "Host(`a.example`) && (PathPrefix(`/a`) || !Method(`GET`)) && Query(`k`, `v`)",
            "HostRegexp(`^[a-z]+\\.example$`) || HeaderRegexp(\"X-A\", \"\\x41+\\u0042\") && ClientIP(`10.0.0.0/8`)",
            "Path(`/a/{id:[0-9]{2}}`, `/b`) && HostRegexp(`{sub}.example`) // x\n",
        ].map { Array($0.utf8) }
        let bytes = Array("`\"\\(){}[],&|!*/.:\n\r\u{0}a1%ü".utf8)
        var accepted = 0
        for round in 0..<20_000 {
            var text = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0...text.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: text.insert(bytes.randomElement(using: &random) ?? 0, at: place)
                case 1 where place < text.count: text.remove(at: place)
                case 2 where place < text.count: text[place] = UInt8.random(in: 0...255, using: &random)
                case 3:
                    text.insert(
                        contentsOf: text[place...].prefix(12),
                        at: Int.random(in: 0...text.count, using: &random)
                    )
                default: break
                }
            }
            let rule = String(decoding: text, as: UTF8.self)
            for syntax in [RuleSyntax.v2, .v3] {
                do {
                    _ = RuleRequest().fulfils(try CompiledRule(rule, syntax: syntax))
                    accepted += 1
                } catch {
                    #expect(error.column >= 1 && error.column <= rule.utf8.count + 1)
                }
            }
        }
        #expect(accepted > 0)
    }

    private static func render(_ expression: RuleExpression, nested: Bool = false) -> String {
        switch expression {
        case .call(let call): return (call.negated ? "!" : "") + call.arguments.map(\.text).joined(separator: ",")
        case .all(let parts): return wrap(parts.map { render($0, nested: true) }.joined(separator: " & "), nested)
        case .any(let parts): return wrap(parts.map { render($0, nested: true) }.joined(separator: " | "), nested)
        }
    }

    private static func wrap(_ text: String, _ nested: Bool) -> String { nested ? "(\(text))" : text }
}
