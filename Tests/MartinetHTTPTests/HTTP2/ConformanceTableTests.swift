import Foundation
import Testing

/// The tables of requirements in `docs/http2.md` name the tests that hold us to them. A test that was renamed must be renamed there, too.
@Suite struct ConformanceTableTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The source of each suite, by the name of its file.
    private static func suites() throws -> [String: String] {
        let paths = FileManager.default.enumerator(atPath: root.appending(path: "Tests").path)?.allObjects ?? []
        var suites: [String: String] = [:]
        for case let path as String in paths where path.hasSuffix("Tests.swift") {
            let file = root.appending(path: "Tests/\(path)")
            suites[file.deletingPathExtension().lastPathComponent] = try String(contentsOf: file, encoding: .utf8)
        }
        return suites
    }

    /// The last cells of the rows that begin with a number of a section.
    private static func references() throws -> [String] {
        let text = try String(contentsOf: root.appending(path: "docs/http2.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.wholeMatch(of: /\| [0-9C][0-9., ]* \|.*/) != nil }
        return rows.flatMap { row in
            let cell = row.split(separator: "|").last ?? ""
            return cell.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    @Test func everyTestThatIsNamedExists() throws {
        let suites = try Self.suites()
        let references = try Self.references()
        #expect(references.count > 100)
        for reference in references where !reference.hasPrefix("scenario") && !reference.hasPrefix("`") {
            // `Suite.test (row, row), test (row)`; or a suite alone.
            let name = reference.prefix { $0 != "." && $0 != " " }
            let suite = ["HTTP2\(name)Tests", "HPACK\(name)Tests", "\(name)Tests", String(name)].first {
                suites[$0] != nil
            }
            guard let source = suite.flatMap({ suites[$0] }) else {
                Issue.record("there is no suite \(name)")
                continue
            }
            for match in reference.dropFirst(name.count).matches(of: /([a-z]\w+)(?: \((.+?)\))?(?:,|$)/) {
                #expect(source.contains("func \(match.1)("), "\(name).\(match.1)")
                for row in match.2?.split(separator: ",") ?? [] {
                    let label = row.trimmingCharacters(in: CharacterSet(charactersIn: " …"))
                    #expect(source.contains("\"\(label)"), "\(name).\(match.1): \(row)")
                }
            }
        }
    }
}
