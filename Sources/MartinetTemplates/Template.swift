import MartinetConfig

/// A template in the syntax of Go's `text/template`, with the functions that Traefik offers: those of Go, of sprig, and `normalize`.
///
/// Immutable, and safe to render on any thread. Text in, text out: a template reads nothing but its data and what
/// ``TemplateSurroundings`` tell.
///
/// ```swift
/// let rule = try Template("Host(`{{ normalize .Name }}`)")
/// let text = try rule.render(.structure(type: "container", fields: ["Name": .string("a_b")])).text
/// ```
package struct Template: Sendable {
    let source: SourceText
    let main: [TemplateNode]
    let definitions: [String: [TemplateNode]]

    /// Reads a template. Functions and variables that do not exist are found here.
    package init(_ bytes: [UInt8]) throws(TemplateError) {
        source = SourceText(bytes)
        do throws(Parser.Problem) {
            var parser = try Parser(
                bytes, isFunction: { FunctionTable.functions[$0] != nil || Evaluator.isShortCircuit($0) },
                functionHint: Self.hint)
            main = try parser.parse()
            definitions = parser.definitions
        } catch {
            let position = SourceText(bytes).position(error.place)
            throw TemplateError(
                line: position.line, column: position.column, reason: error.reason, remedy: error.remedy)
        }
    }

    package init(_ text: String) throws(TemplateError) { try self.init(Array(text.utf8)) }

    /// Renders the template with `data` as its dot.
    package func render(
        _ data: TemplateData = .null, surroundings: TemplateSurroundings = .process,
        limits: TemplateLimits = TemplateLimits()
    ) throws(TemplateError) -> RenderedText {
        var evaluator = Evaluator(self, surroundings: surroundings, limits: limits)
        return try evaluator.render(data)
    }

    private static func hint(_ name: String) -> String? {
        if let remedy = FunctionTable.omitted[name] { return remedy }
        return NearestName.of(name, among: FunctionTable.functions.keys.sorted()).map { "did you mean \($0)?" }
            ?? "texts stand between quotes; write {{ \"{{\" }} for the text {{"
    }
}
