/// A rule ready to be evaluated. Negation stands at the leaves only.
package indirect enum Rule: Sendable {
    case matcher(Matcher, negated: Bool)
    case all([Rule])
    case any([Rule])

    /// Reads `text`.
    package init(parsing text: String, syntax: RuleSyntax) throws(RuleError) {
        let expression = try RuleParser.parse(text)
        self = try RuleBuilder(syntax: syntax).rule(expression)
    }

    /// The hosts this rule serves, for TLS options and certificates: the arguments of Host (v2: HostHeader too) that
    /// are not negated, in lower case, each once, in the order written. `*` is among them if it was written.
    package var domains: [String] {
        var names: [String] = []
        var seen: Set<String> = []
        collectDomains(into: &names, &seen)
        return names
    }

    private func collectDomains(into names: inout [String], _ seen: inout Set<String>) {
        switch self {
        case .matcher(.host(let pattern), negated: false):
            if seen.insert(pattern.name).inserted { names.append(pattern.name) }
        case .matcher:
            break
        case .all(let parts), .any(let parts):
            for part in parts { part.collectDomains(into: &names, &seen) }
        }
    }
}
