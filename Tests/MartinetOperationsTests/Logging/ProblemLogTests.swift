import Logging
import MartinetConfig
import MartinetOperations
import Synchronization
import Testing

@Suite struct ProblemLogTests {
    /// What was logged since the last look, as `level: message`.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        func take() -> [String] {
            lines.withLock { lines in
                defer { lines = [] }
                return lines
            }
        }
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(lines: Lines) { self.lines = lines }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.add("\(event.level): \(event.message)") }
    }

    private let lines = Lines()

    private func makeLog() -> ProblemLog {
        ProblemLog(logger: Logger(label: "test") { [lines] _ in Handler(lines: lines) })
    }

    private static func problem(_ reason: String, line: Int = 1, file: String = "d.yml") -> Diagnostic {
        Diagnostic(path: "http.middlewares.m", position: SourcePosition(file: file, line: line), reason: reason)
    }

    @Test func eachProblemIsToldOnce() {
        var log = makeLog()
        log.report([Self.problem("a"), Self.problem("a"), Self.problem("b")])
        #expect(lines.take() == ["error: d.yml:1: http.middlewares.m: a", "error: d.yml:1: http.middlewares.m: b"])
        log.report([Self.problem("a"), Self.problem("b")])
        #expect(lines.take() == [])
    }

    @Test func anotherLineIsNoOtherProblem() {
        var log = makeLog()
        log.report([Self.problem("a", line: 3)])
        _ = lines.take()
        log.report([Self.problem("a", line: 4)])
        #expect(lines.take() == [])
        log.report([Self.problem("a", line: 4), Self.problem("a", file: "e.yml")])
        #expect(lines.take() == ["error: e.yml:1: http.middlewares.m: a"])
    }

    @Test func aProblemThatComesBackIsToldAgain() {
        var log = makeLog()
        log.report([Self.problem("a")])
        log.report([])
        _ = lines.take()
        log.report([Self.problem("a")])
        #expect(lines.take().count == 1)
    }

    @Test func warningsAreWarnings() {
        var log = makeLog()
        log.report([Diagnostic(.warning, path: "", reason: "a")])
        #expect(lines.take() == ["warning: a"])
    }
}
