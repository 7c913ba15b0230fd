import MartinetCore
import MartinetHTTP

/// What must hold for every rule, in both syntaxes: it is read, or refused with a place; its tree has bounded depth and can be
/// written out and read again; and a routing table's index finds it for just the requests that fulfil it.
enum RuleInvariants {
    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        let text = String(decoding: input, as: UTF8.self)
        var words: [String] = []
        do {
            let tree = try RuleParser.parse(text)
            try require(tree.depth <= RuleParser.depthLimit + 1, "a tree is at most as deep as the limit")
            try mustSurviveWriting(tree)
            words = tree.words
        } catch let error as RuleError {
            try mustPointIntoText(error, text)
        } catch let broken as BrokenInvariant {
            throw broken
        } catch {
            throw BrokenInvariant("a rule is refused with \(error)")
        }
        for syntax in [RuleSyntax.v2, .v3] {
            let rule: CompiledRule
            do {
                rule = try CompiledRule(text, syntax: syntax)
            } catch {
                try mustPointIntoText(error, text)
                continue
            }
            try require(Set(rule.domains).count == rule.domains.count, "each domain once")
            var requests = RuleRequests(seed: SplitMix(seededBy: input), words: words)
            let entry = RouteEntry(rule: rule, priority: 1, order: 0, name: "a", payload: true)
            let table = RoutingTable([entry])
            for _ in 0..<8 {
                let request = requests.next()
                let fulfilled = request.with { rule.matches($0, $1) }
                let found = request.with { table.match($0, host: $1.host, path: $1.path, peer: $1.peer) } ?? false
                try requireEqual(found, fulfilled, "the index finds what the rule says (\(syntax), \(request))")
            }
        }
    }

    private static func mustPointIntoText(_ error: RuleError, _ text: String) throws(BrokenInvariant) {
        try require(error.column >= 1 && error.column <= text.utf8.count + 1, "an error points into the rule: \(error)")
        try require(!error.reason.isEmpty, "an error has a reason")
    }

    private static func mustSurviveWriting(_ tree: RuleExpression) throws(BrokenInvariant) {
        let text = tree.text
        // Escapes may make the text longer than a rule may be.
        guard text.utf8.count <= RuleParser.lengthLimit else { return }
        do {
            try requireEqual(try RuleParser.parse(text).text, text, "a tree that was written out and read again")
        } catch let error as RuleError {
            throw BrokenInvariant("a tree that was written out is a rule: \(error): \(text)")
        } catch let broken as BrokenInvariant {
            throw broken
        } catch {
            throw BrokenInvariant("a tree that was written out is a rule: \(error)")
        }
    }
}
