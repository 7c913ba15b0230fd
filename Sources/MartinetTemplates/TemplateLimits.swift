/// What rendering a template may cost. Files of operators stay far below; a file that does not is mistaken or hostile.
package struct TemplateLimits: Sendable {
    /// Largest text rendered, in bytes.
    package var outputSize = 64 << 20
    /// Bytes that all functions of one rendering may produce together.
    package var allocation = 512 << 20
    /// Nodes, operands and elements visited. Costly functions count as many.
    package var steps = 20_000_000
    /// Nesting of blocks, parentheses and templates that call templates.
    package var depth = 300
    /// Time for one rendering.
    package var duration = Duration.seconds(10)

    package init() {}
}
