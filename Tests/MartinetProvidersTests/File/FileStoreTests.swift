import MartinetConfig
import MartinetProviders
import Synchronization
import Testing

struct FileStoreTests {
    private let directory = TemporaryDirectory()

    /// Reads the whole file as one router's name.
    private final class CountingDecoder: Sendable {
        let paths = Mutex<[String]>([])

        func decode(_ bytes: [UInt8], _ path: String) -> Result<DecodedRouting, DocumentError> {
            paths.withLock { $0.append(path) }
            let text = String(decoding: bytes, as: UTF8.self)
            guard text != "broken" else {
                return .failure(DocumentError(position: SourcePosition(file: path, line: 1), reason: "broken"))
            }
            var routing = DecodedRouting()
            routing.configuration.http.routers[text] = Boxed(HTTPRouterOptions())
            routing.positions["http.routers." + text] = SourcePosition(file: path, line: 1)
            return .success(routing)
        }
    }

    private func names(_ outcome: FileStore.Outcome) -> [String] {
        outcome.routing.configuration.http.routers.keys.sorted()
    }

    @Test func decodesOnlyChangedFiles() {
        let decoder = CountingDecoder()
        var store = FileStore(source: .directory(directory.path), decode: decoder.decode)
        directory.write("a", to: "1.yml")
        directory.write("b", to: "2.toml")
        directory.write("c", to: "3.txt")
        #expect(names(store.refresh()) == ["a", "b"])
        directory.write("b", to: "2.toml")
        directory.replace("1.yml", with: "d")
        #expect(names(store.refresh()) == ["b", "d"])
        #expect(names(store.refresh(ignoringIdentity: true)) == ["b", "d"])
        #expect(decoder.paths.withLock { $0 } == ["1.yml", "2.toml", "1.yml"].map(directory.callAsFunction))
    }

    @Test func tellsOfABrokenFileAndKeepsItsLastGoodContent() {
        var store = FileStore(source: .directory(directory.path), decode: CountingDecoder().decode)
        directory.write("a", to: "1.yml")
        #expect(store.refresh().problems.isEmpty)
        directory.write("broken", to: "1.yml")
        let broken = store.refresh()
        #expect(names(broken) == ["a"])
        #expect(broken.problems.map(\.description) == ["\(directory("1.yml")):1: broken"])
        directory.write("a", to: "1.yml")
        #expect(store.refresh().problems.isEmpty)
    }

    @Test func forgetsDeletedFilesButNotThoseOfAMissingDirectory() {
        var store = FileStore(source: .directory(directory("x")), decode: CountingDecoder().decode)
        directory.makeDirectory("x")
        directory.write("a", to: "x/1.yml")
        directory.write("b", to: "x/2.yml")
        _ = store.refresh()
        directory.remove("x/1.yml")
        #expect(names(store.refresh()) == ["b"])
        directory.remove("x")
        let missing = store.refresh()
        #expect(names(missing) == ["b"])
        #expect(missing.problems.map(\.reason) == ["no such file or directory"])
    }

    @Test func toleratesLinksThatLeadNowhereAndLoops() {
        var store = FileStore(source: .directory(directory.path), decode: CountingDecoder().decode)
        directory.write("a", to: "1.yml")
        directory.link(".#1.yml", to: "user@host.123")
        directory.link("loop.yml", to: "loop.yml")
        directory.link("up", to: ".")
        let outcome = store.refresh()
        #expect(names(outcome) == ["a"])
        #expect(outcome.problems.isEmpty)
    }

    @Test func stopsAtTheDepthLimit() {
        var path = "d"
        for _ in 0..<40 {
            directory.makeDirectory(path)
            path += "/d"
        }
        var store = FileStore(source: .directory(directory.path), decode: CountingDecoder().decode)
        #expect(store.refresh().problems.count == 1)
    }

    @Test func explainsADirectoryGivenAsFile() {
        var store = FileStore(source: .file(directory.path), decode: CountingDecoder().decode)
        #expect(store.refresh().problems.first?.remedy == "use providers.file.directory for a directory")
    }

    @Test func errorsNameTheLineOfTheTemplate() {
        let template = "http:\n{{- range until 3 }}\n{{- end }}\n  routers: [\n"
        guard case .failure(let error) = FileDecoder.decode(Array(template.utf8), "d.yml") else {
            Issue.record("parsed")
            return
        }
        #expect(error.remedy?.contains("of the rendered template") == true)
        let decoded = FileDecoder.decode(
            Array("http:\n  routers:\n{{- range until 2 }}\n    r{{ . }}: {rulr: x}\n{{- end }}\n".utf8), "d.yml")
        guard case .success(let routing) = decoded else {
            Issue.record("not parsed")
            return
        }
        #expect(Set(routing.broken.values.flatMap { $0 }.map { $0.position?.line }) == [4])
    }

    @Test func aTemplateThatCannotBeRenderedNamesLineAndColumn() {
        guard case .failure(let error) = FileDecoder.decode(Array("a: 1\nb: {{ upper 3 }}".utf8), "d.yml") else {
            Issue.record("rendered")
            return
        }
        #expect(error.position == SourcePosition(file: "d.yml", line: 2, column: 13))
    }

    @Test func refusesWhatIsNotUTF8() {
        guard case .failure(let error) = FileDecoder.decode([0x61, 0xFF], "d.yml") else {
            Issue.record("parsed")
            return
        }
        #expect(error.reason == "is not UTF-8")
    }
}
