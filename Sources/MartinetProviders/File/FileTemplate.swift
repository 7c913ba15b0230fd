import Logging
import MartinetConfig
import MartinetTemplates

/// Files of the provider are Go templates, YAML and TOML alike (Traefik's page on the file provider).
enum FileTemplate {
    /// Traefik's dot for files: `{{ . }}` is `false`.
    private static let dot = TemplateData.bool(false)

    /// The rendered file; nil for one without actions, which is its own text.
    static func render(_ bytes: [UInt8], path: String, logger: Logger?) throws(DocumentError) -> RenderedText? {
        guard hasActions(bytes) else { return nil }
        let rendered: RenderedText
        do throws(TemplateError) {
            rendered = try Template(bytes).render(dot)
        } catch {
            throw DocumentError(
                position: SourcePosition(file: path, line: error.line, column: error.column),
                reason: "the template cannot be rendered: " + error.reason, remedy: error.remedy)
        }
        logger?.debug("Template content: \(String(decoding: bytes, as: UTF8.self))")
        logger?.debug("Rendering results: \(rendered.text)")
        return rendered
    }

    private static func hasActions(_ bytes: [UInt8]) -> Bool {
        let brace = UInt8(ascii: "{")
        return zip(bytes, bytes.dropFirst()).contains { $0 == brace && $1 == brace }
    }

    /// The same document with the lines of the template instead of those of the rendered text. Columns are lost.
    static func relocated(_ node: ConfigNode, _ rendered: RenderedText) -> ConfigNode {
        let position = relocated(node.position, rendered)
        switch node.kind {
        case .null, .scalar: return ConfigNode(node.kind, at: position)
        case .list(let items): return ConfigNode(.list(items.map { relocated($0, rendered) }), at: position)
        case .map(let members):
            let moved = members.map { member in
                var member = member
                member.position = relocated(member.position, rendered)
                member.value = relocated(member.value, rendered)
                return member
            }
            return ConfigNode(.map(moved), at: position)
        }
    }

    /// The same error where the template causes it.
    static func relocated(_ error: DocumentError, _ rendered: RenderedText) -> DocumentError {
        var error = error
        let line = error.position.line
        error.position = relocated(error.position, rendered)
        let hint = "line \(line) of the rendered template is meant; providers.file.debugLogGeneratedTemplate logs it"
        if line > 0 { error.remedy = error.remedy.map { "\($0); \(hint)" } ?? hint }
        return error
    }

    private static func relocated(_ position: SourcePosition, _ rendered: RenderedText) -> SourcePosition {
        guard position.line > 0 else { return position }
        return SourcePosition(file: position.file, line: rendered.origin(ofLine: position.line))
    }
}
