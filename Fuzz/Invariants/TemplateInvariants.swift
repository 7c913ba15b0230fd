import MartinetTemplates

/// What must hold for every template: it is refused with a place, or renders to a text of bounded size in bounded steps, or fails with a
/// place; and each line of the text comes from a line of the template.
enum TemplateInvariants {
    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        let lines = 1 + input.count { $0 == 0x0A }
        var limits = TemplateLimits()
        limits.steps = 100_000
        limits.allocation = 8 << 20
        limits.outputSize = 1 << 20
        // No look-ups of names, and the same time for all runs.
        let surroundings = TemplateSurroundings(
            environment: { "<\($0)>" }, now: { (1_700_000_000, 0) }, addresses: { [$0] })
        let data = TemplateData.structure(
            type: "data",
            fields: ["Name": .string("a_b"), "Labels": .texts(["a.b": "c"]), "Items": .list([.int(1), .null])])
        do {
            let rendered = try Template(input).render(data, surroundings: surroundings, limits: limits)
            try require(rendered.bytes.count <= limits.outputSize, "the text is bounded")
            let count = 1 + rendered.bytes.count { $0 == 0x0A }
            for line in 1...count {
                let origin = rendered.origin(ofLine: line)
                try require(origin >= 1 && origin <= lines, "line \(line) comes from line \(origin) of \(lines)")
            }
        } catch let error as TemplateError {
            try require(error.line >= 1 && error.line <= lines, "line \(error.line) of \(lines): \(error)")
            try require(error.column >= 1 && error.column <= input.count + 1, "a column within the template: \(error)")
            try require(!error.reason.isEmpty, "an error has a reason")
        } catch let broken as BrokenInvariant {
            throw broken
        } catch {
            throw BrokenInvariant("a template is refused with \(error)")
        }
    }
}
