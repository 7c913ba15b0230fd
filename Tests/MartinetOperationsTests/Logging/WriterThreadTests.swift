import Synchronization
import Testing

@testable import MartinetOperations

@Suite struct WriterThreadTests {
    /// What a writer complained about.
    private final class Reports: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private let folder: TemporaryFolder
    private let reports = Reports()
    private var path: String { folder.path("t.log") }

    init() throws { folder = try TemporaryFolder() }

    private func writer(_ rotation: LogRotation? = nil) throws -> WriterThread {
        try WriterThread(path: path, rotation: rotation) { [reports] in reports.add($0) }
    }

    private func append(_ text: String, to writer: WriterThread) {
        var text = text
        text.withUTF8 { writer.append(UnsafeRawBufferPointer($0)) }
    }

    @Test func drainingWritesAllThatWaits() throws {
        let writer = try writer()
        defer { writer.close() }
        for number in 0..<1000 { append("\(number)\n", to: writer) }
        writer.drain(milliseconds: 5000)
        #expect(folder.text("t.log") == (0..<1000).map { "\($0)\n" }.joined())
        #expect(reports.all.isEmpty)
    }

    @Test func aFullDiskIsToldOnceAndLosesNothing() throws {
        folder.link("t.log", to: "/dev/full")
        let writer = try writer()
        defer { writer.close() }
        append("1\n", to: writer)
        writer.drain(milliseconds: 50)
        append("2\n", to: writer)
        writer.drain(milliseconds: 50)
        let unfinished = "not all lines could be written to the log file \(path) before the end"
        #expect(
            reports.all.filter { $0 != unfinished } == [
                "the log file \(path) cannot be written: No space left on device; lines wait until it can, 8 MiB of them"
            ])
        #expect(reports.all.contains(unfinished))
        folder.remove("t.log")
        writer.reopen()
        writer.drain(milliseconds: 5000)
        #expect(folder.text("t.log") == "1\n2\n")
        #expect(reports.all.last == "the log file \(path) is written again")
    }

    @Test func whatDoesNotFitIntoMemoryIsCounted() throws {
        folder.link("t.log", to: "/dev/full")
        let writer = try writer()
        defer { writer.close() }
        append("1\n", to: writer)
        writer.drain(milliseconds: 50)
        append(String(repeating: "x", count: WriterThread.limit - 1) + "\n", to: writer)
        append("lost\nlost\n", to: writer)
        append("lost\n", to: writer)
        folder.remove("t.log")
        writer.reopen()
        writer.drain(milliseconds: 5000)
        #expect(folder.text("t.log")?.utf8.count == WriterThread.limit + 2)
        #expect(reports.all.contains("3 lines for the log file \(path) were dropped: more than 8 MiB waited"))
    }

    @Test func rotatesAndTidiesOnTheWay() throws {
        var rotation = LogRotation(megabytes: 1, backups: 1, days: 0, compresses: true)
        rotation.maxSize = 4
        let writer = try writer(rotation)
        defer { writer.close() }
        for number in 1...4 { append("\(number)23\n", to: writer) }
        writer.drain(milliseconds: 5000)
        #expect(folder.text("t.log") == "423\n")
        // Tidying is another thread's: it is done when one packed file is left.
        var names: [String] = []
        for _ in 0..<200_000 {
            names = folder.names
            if names.count == 2, names[0].hasSuffix(".log.gz") { break }
        }
        #expect(names.count == 2)
        #expect(names.first?.hasSuffix(".log.gz") == true)
        #expect(reports.all.isEmpty)
    }

    @Test func aFileThatCannotBeOpenedIsAnError() {
        let error = #expect(throws: WriterThread.OpenError.self) { try WriterThread(path: "/nonexistent/t.log") }
        #expect(
            error?.description == "the log file /nonexistent/t.log cannot be opened: No such file or directory; "
                + "check the folder and its permissions")
    }
}
