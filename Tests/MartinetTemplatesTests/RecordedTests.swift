import Foundation
import MartinetTemplates
import Testing

/// Templates that the real Traefik 3.7.15 has rendered as files of its file provider (`recorded.json`), with PROBE_VAR=a,b,c and TZ=UTC.
@Suite struct RecordedTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        var template: String
        /// What Traefik made of it, or nil if it refused.
        var text: String?
        var error: String?

        var testDescription: String { String(template.prefix(80)) }
    }

    /// What Traefik refuses and is empty here, or the other way round, on purpose.
    private static let differences: Set<String> = [
        // Complex numbers.
        "{{ 1i }}",
        // A missing value and nil are the same.
        "{{ (dict \"a\" nil).a.b }}",
    ]

    private static let cases: [Case] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "recorded.json")
        guard let data = try? Data(contentsOf: file) else { return [] }
        return (try? JSONDecoder().decode([Case].self, from: data)) ?? []
    }()

    private static let surroundings: TemplateSurroundings = {
        setenv("TZ", "UTC", 1)
        tzset()
        var surroundings = TemplateSurroundings.process
        surroundings.environment = { $0 == "PROBE_VAR" ? "a,b,c" : nil }
        return surroundings
    }()

    /// A debug build on a busy machine takes long for `derivePassword`.
    private static let limits: TemplateLimits = {
        var limits = TemplateLimits()
        limits.duration = .seconds(300)
        return limits
    }()

    @Test func thereAreCases() { #expect(Self.cases.count > 150) }

    @Test(arguments: cases) func rendersAsTraefikDoes(_ recorded: Case) throws {
        guard !Self.differences.contains(recorded.template) else { return }
        do throws(TemplateError) {
            let text = try Template(recorded.template)
                .render(.bool(false), surroundings: Self.surroundings, limits: Self.limits).text
            #expect(text == recorded.text, "\(recorded.template): \(recorded.error ?? "")")
        } catch {
            #expect(recorded.text == nil, "\(recorded.template): \(error)")
            #expect(error.line == 1 || recorded.template.contains("\n"))
        }
    }
}
