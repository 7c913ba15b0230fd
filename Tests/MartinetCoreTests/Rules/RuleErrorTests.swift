import MartinetCore
import Testing

/// What is refused, where the error points, and what it says.
@Suite struct RuleErrorTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let rule: String
        let column: Int
        let says: String
        var syntax = RuleSyntax.v3

        var testDescription: String { rule }
    }

    @Test(arguments: [
        Row(rule: "", column: 1, says: "rule is empty"),
        Row(rule: "Hots(`a`)", column: 1, says: "did you mean Host?"),
        Row(rule: "Host(`a`) && PathPrefixx(`/`)", column: 14, says: "did you mean PathPrefix?"),
        Row(rule: "Frobnicate(`a`)", column: 1, says: "known matchers are"),
        Row(rule: "HostSNI(`a`)", column: 1, says: "TCP"),
        Row(rule: "Headers(`a`, `b`)", column: 1, says: "in v3 write Header"),
        Row(rule: "HeaderRegexp(`a`, `b`)", column: 1, says: "in v2 write HeadersRegexp", syntax: .v2),
        Row(rule: "hOST(`a`)", column: 1, says: "did you mean Host?"),
        Row(rule: "Host()", column: 1, says: "takes 1 argument, not 0"),
        Row(rule: "Host(`a`, `b`)", column: 1, says: "Host(`a`) || Host(`b`)"),
        Row(rule: "Header(`a`)", column: 1, says: "takes 2 arguments, not 1"),
        Row(rule: "Query(`a`, `b`, `c`)", column: 1, says: "takes 1 or 2 arguments, not 3"),
        Row(rule: "Host()", column: 1, says: "at least 1 argument, not 0", syntax: .v2),
        Row(rule: "Host(``)", column: 6, says: "empty argument"),
        Row(rule: "Header(`a`, ``)", column: 13, says: "empty argument"),
        Row(rule: "Host(`ü`)", column: 6, says: "punycode"),
        Row(rule: "HostRegexp(`ü`)", column: 12, says: "ASCII"),
        Row(rule: "Path(`a`)", column: 6, says: "write `/a`"),
        Row(rule: "PathPrefix(`a`)", column: 12, says: "does not start"),
        Row(rule: "PathRegexp(`(`)", column: 12, says: "missing )"),
        Row(rule: "HeaderRegexp(`a`, `[`)", column: 19, says: "missing ]"),
        Row(rule: "ClientIP(`10.0.0.0/33`)", column: 10, says: "neither an IP address nor a CIDR block"),
        Row(rule: "Host(`a`", column: 9, says: "expected `,` or `)`"),
        Row(rule: "Host(`a", column: 6, says: "not closed"),
        Row(rule: "Host(\"a\nb\")", column: 6, says: "not closed"),
        Row(rule: "Host('a')", column: 6, says: "single quotes"),
        Row(rule: "Host(\"\\q\")", column: 7, says: "unknown escape"),
        Row(rule: "Host(a)", column: 6, says: "expected a string"),
        Row(rule: "Host(1)", column: 6, says: "found a number"),
        Row(rule: "Host", column: 1, says: "has no arguments"),
        Row(rule: "`a`", column: 1, says: "stands alone"),
        Row(rule: "Host(`a`) & Host(`b`)", column: 11, says: "write `&&`"),
        Row(rule: "Host(`a`) Host(`b`)", column: 11, says: "expected `&&`"),
        Row(rule: "Host(`a`)\n&& Host(`b`)", column: 10, says: "break lines after"),
        Row(rule: "(Host(`a`)", column: 11, says: "expected `)`"),
        Row(rule: "Host(`a`))", column: 10, says: "found `)`"),
        Row(rule: "Host(`a`) ||", column: 13, says: "found the end of the rule"),
        Row(rule: "Path(`/{a`)", column: 6, says: "unbalanced braces", syntax: .v2),
        Row(rule: "Path(`/{a:}`)", column: 6, says: "missing variable name", syntax: .v2),
        Row(rule: "Query(`a`)", column: 7, says: "key=value", syntax: .v2),
        Row(rule: String(repeating: "(", count: 5000), column: 201, says: "nested deeper"),
        Row(rule: String(repeating: "!", count: 5000), column: 201, says: "nested deeper"),
    ])
    func pointsAtWhatIsWrong(row: Row) throws {
        let error = try #require(throws: RuleError.self) { try CompiledRule(row.rule, syntax: row.syntax) }
        #expect(error.column == row.column)
        #expect(error.description.contains(row.says), "\(error)")
    }
}
