/// The smallest piece of a template.
struct Token: Sendable {
    enum Kind: Sendable, Equatable {
        case text
        case leftDelimiter, rightDelimiter
        case space
        case dot, null
        case bool(Bool)
        /// Without its dot.
        case field(String)
        /// With its dollar sign.
        case variable(String)
        case identifier(String)
        case keyword(Keyword)
        case number(String)
        case character(UInt32)
        case string([UInt8])
        case pipe, assign, declare, comma, leftParenthesis, rightParenthesis
        case other
        case end
    }

    enum Keyword: String, Sendable {
        case block, `break`, `continue`, define, `else`, end, `if`, range, template, with
    }

    var kind: Kind
    /// In the source, in bytes.
    var range: SourceRange
}
