package import MartinetHTTP

/// A rule that has been read, ready for any number of routing tables.
///
/// Reading a rule, regular expressions above all, is what costs when a configuration changes: callers keep compiled
/// rules by text and syntax and use them again. Equal when text and syntax are.
package final class CompiledRule: Sendable, Hashable {
    /// As configured; its length in bytes is a router's default priority.
    package let text: String
    package let syntax: RuleSyntax
    package let rule: Rule
    /// The alternatives the routing table files the rule under; any of them fulfilled is the rule fulfilled.
    let alternatives: [RuleAlternative]

    package init(_ text: String, syntax: RuleSyntax = .v3) throws(RuleError) {
        let rule = try Rule(parsing: text, syntax: syntax)
        self.text = text
        self.syntax = syntax
        self.rule = rule
        self.alternatives = RuleAlternative.split(rule)
    }

    /// The hosts the rule serves; see ``Rule/domains``.
    package var domains: [String] { rule.domains }

    /// Whether the request fulfils the rule. Routing tables have a faster way; this one serves tests and single rules.
    package func matches(_ head: borrowing RequestHead, _ subject: borrowing RuleSubject) -> Bool {
        rule.matches(head, subject)
    }

    package static func == (a: CompiledRule, b: CompiledRule) -> Bool {
        a === b || (a.syntax == b.syntax && a.text == b.text)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        hasher.combine(syntax)
    }
}
