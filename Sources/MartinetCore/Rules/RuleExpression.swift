/// The syntax tree of a rule, before its functions are known to exist.
///
/// Chains of one operator are one node, so that the depth of the tree is bounded by the parentheses written, not by
/// the length of the rule. Negation stands at the calls only: the parser pushes it inward by De Morgan's laws.
package indirect enum RuleExpression: Equatable, Sendable {
    case call(RuleCall)
    case all([RuleExpression])
    case any([RuleExpression])
}

/// A function call in a rule, such as ``Host(`a.example`)``.
package struct RuleCall: Equatable, Sendable {
    /// A string argument and the byte it starts at.
    package struct Argument: Equatable, Sendable {
        package let text: String
        package let column: Int
    }

    package let name: String
    /// Byte where the name starts, from 1.
    package let column: Int
    package let arguments: [Argument]
    /// Whether the call stands under an odd number of `!`.
    package let negated: Bool
}
