/// Which set of matchers a rule is written in.
package enum RuleSyntax: String, Sendable, Hashable {
    case v2, v3

    /// The syntax a router names; an unknown name means v3, as in Traefik.
    package init(named name: String) { self = RuleSyntax(rawValue: name) ?? .v3 }
}
