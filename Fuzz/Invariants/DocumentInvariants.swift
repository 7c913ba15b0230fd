import MartinetConfig

/// What must hold for every configuration file: it gives a tree of bounded depth, or an error with a line; every object of the tree
/// is read or broken with a reason; and what was read can be shown.
enum DocumentInvariants {
    static func check(_ input: [UInt8], _ format: DocumentFormat) throws(BrokenInvariant) {
        let text = String(decoding: input, as: UTF8.self)
        let lines = lineCount(text)
        // The library keeps no positions of what it read from TOML, so a line may be unknown there.
        let least = format == .toml ? 0 : 1
        let node: ConfigNode
        do {
            node = try parseDocument(text, format: format, file: "fuzz")
        } catch {
            try mustHaveLine(error.diagnostic, lines, atLeast: least)
            return
        }
        try mustBeBounded(node, depth: 0)
        let decoded = RoutingDecoder.decode(node)
        for problem in decoded.problems { try mustHaveLine(problem, lines, atLeast: least) }
        for (path, problems) in decoded.broken {
            try require(problems.contains { $0.severity == .error }, "what is broken has an error: \(path)")
            for problem in problems { try mustHaveLine(problem, lines, atLeast: least) }
        }
        try requireEqual(RoutingDecoder.decode(node), decoded, "decoding twice gives the same")
        try mustBeShown(decoded.configuration)
    }

    /// The API's JSON is well-formed. It need not be a configuration: what is empty or secret is left out.
    private static func mustBeShown(_ configuration: RoutingConfiguration) throws(BrokenInvariant) {
        guard let json = configuration.encode() else { return }
        do {
            let node = try parseDocument(json.text, format: .json, file: "shown")
            _ = RoutingDecoder.decode(node)
        } catch {
            throw BrokenInvariant("what is shown is well-formed: \(error): \(json.text)")
        }
    }

    private static func mustBeBounded(_ node: ConfigNode, depth: Int) throws(BrokenInvariant) {
        try require(depth <= 100, "a tree is at most 100 levels deep")
        switch node.kind {
        case .null, .scalar: break
        case .list(let items):
            for item in items { try mustBeBounded(item, depth: depth + 1) }
        case .map(let members):
            try require(Set(members.map(\.key)).count == members.count, "keys are unique")
            for member in members { try mustBeBounded(member.value, depth: depth + 1) }
        }
    }

    private static func mustHaveLine(_ problem: Diagnostic, _ lines: Int, atLeast least: Int) throws(BrokenInvariant) {
        try require(!problem.reason.isEmpty, "a problem has a reason")
        guard let position = problem.position else { throw BrokenInvariant("a problem has a position: \(problem)") }
        try require(position.line >= least && position.line <= lines, "line \(position.line) of \(lines): \(problem)")
    }

    /// Lines as YAML and TOML count them, at most, and one behind the last: there a file ends too early.
    private static func lineCount(_ text: String) -> Int {
        let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
        return 2 + text.unicodeScalars.count { breaks.contains($0) }
    }
}
