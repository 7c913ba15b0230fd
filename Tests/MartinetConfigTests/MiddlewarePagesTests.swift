import Foundation
import MartinetConfig
import Testing

/// Pages that say what the declarations say. `make docs` writes what these tests compare.
@Suite struct MiddlewarePagesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/middlewares")
    private static let writes = ProcessInfo.processInfo.environment["MARTINET_WRITE_PAGES"] != nil

    @Test(arguments: MiddlewarePages.kinds.map(\.name))
    func everyMiddlewareHasAPageWithItsOptions(_ name: String) throws {
        let kind = try #require(MiddlewarePages.kinds.first { $0.name == name })
        let page = try compare("\(name).md", with: MiddlewarePages.options(of: kind))
        #expect(page.hasPrefix("# \(name)\n"))
        #expect(page.contains("\n```yaml\n") && page.contains("\n```console\n$ curl "), "\(name).md has no example")
    }

    @Test func theIndexNamesEveryMiddleware() throws {
        _ = try compare("README.md", with: MiddlewarePages.index)
    }

    /// Returns the page. Writes it first when asked to.
    private func compare(_ file: String, with table: String) throws -> String {
        let place = Self.folder.appending(path: file)
        let page = try String(contentsOf: place, encoding: .utf8)
        let wanted = try #require(MiddlewarePages.page(page, with: table), "docs/middlewares/\(file) has no marks")
        if Self.writes { try wanted.write(to: place, atomically: true, encoding: .utf8) }
        #expect(Self.writes || page == wanted, "docs/middlewares/\(file) is stale: make docs")
        return wanted
    }
}
