/// A word of the rule language, with the byte it starts at.
struct RuleToken: Equatable {
    enum Kind: Equatable {
        case name(String)
        /// A text in backticks or double quotes, escapes resolved.
        case string(String)
        case number
        case and, or, not, open, close, comma
        /// A line break where Go ends a statement: after a name, a text or a closing parenthesis.
        case lineBreak
        case end
    }

    let kind: Kind
    /// Byte position in the rule, from 1.
    let column: Int

    /// The token as an error message names it.
    var words: String {
        switch kind {
        case .name(let name): "`\(name)`"
        case .string: "a string"
        case .number: "a number"
        case .and: "`&&`"
        case .or: "`||`"
        case .not: "`!`"
        case .open: "`(`"
        case .close: "`)`"
        case .comma: "`,`"
        case .lineBreak: "a line break"
        case .end: "the end of the rule"
        }
    }
}
