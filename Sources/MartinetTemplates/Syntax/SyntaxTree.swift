/// A piece of a template's source, in bytes.
typealias SourceRange = Range<Int>

/// What a template consists of.
enum TemplateNode: Sendable {
    case text(SourceRange)
    case action(Pipeline)
    case branch(Branch)
    case call(name: String, argument: Pipeline?, place: Int)
    case leaveLoop
    case nextRound
}

/// `if` and `with`, and `range`.
struct Branch: Sendable {
    enum Kind: Sendable { case `if`, with, range }

    var kind: Kind
    var pipeline: Pipeline
    var body: [TemplateNode]
    var otherwise: [TemplateNode]
}

/// `$a, $b := command | command`.
struct Pipeline: Sendable {
    var place: SourceRange
    /// Names with their dollar sign.
    var variables: [String] = []
    /// Whether it is `=`, which changes variables, rather than `:=`, which makes them.
    var assigns = false
    var commands: [Command] = []
}

/// A function or a value with its arguments.
struct Command: Sendable {
    var place: SourceRange
    /// At least one.
    var operands: [Operand]
}

struct Operand: Sendable {
    enum Kind: Sendable {
        case dot
        case null
        case bool(Bool)
        case number(NumberLiteral)
        case string([UInt8])
        /// `.a.b`
        case field([String])
        /// `$x.a.b`
        case variable(String, [String])
        case function(String)
        case pipeline(Pipeline)
        /// `(…).a.b`
        indirect case chain(Operand, [String])
    }

    var kind: Kind
    var place: SourceRange
}
