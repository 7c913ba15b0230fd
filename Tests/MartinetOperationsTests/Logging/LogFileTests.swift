import Glibc
import Testing

@testable import MartinetOperations

@Suite struct LogFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path("t.log") }

    init() throws { folder = try TemporaryFolder() }

    private func open(maxSize: Int) throws -> LogFile {
        var rotation = LogRotation(megabytes: 1, backups: 0, days: 0, compresses: false)
        rotation.maxSize = maxSize
        return LogFile(path: path, rotation: rotation, descriptor: try LogFile.open(path))
    }

    /// The contents of all files, oldest first, the one in use last.
    private var contents: [String?] { folder.names.map { folder.text($0) } }

    @Test func rotatesBetweenLinesBeforeTheFileIsTooLong() throws {
        var file = try open(maxSize: 10)
        var lines = ArraySlice("1234\n1234\n12\n123456789\n1\n".utf8)
        let rotated = try file.write(&lines)
        #expect(rotated)
        #expect(lines.isEmpty)
        #expect(contents == ["1234\n1234\n", "12\n", "123456789\n", "1\n"])
    }

    @Test func countsWhatTheFileHeldBefore() throws {
        folder.write("12345678\n", to: "t.log")
        var file = try open(maxSize: 10)
        var lines = ArraySlice("1\n".utf8)
        _ = try file.write(&lines)
        #expect(contents == ["12345678\n", "1\n"])
    }

    @Test func aLineLongerThanAFileMayBeHasOneOfItsOwn() throws {
        var file = try open(maxSize: 4)
        var lines = ArraySlice("1\n1234567\n2\n".utf8)
        _ = try file.write(&lines)
        #expect(contents == ["1\n", "1234567\n", "2\n"])
    }

    @Test func theNewFileHasTheModeOfTheOld() throws {
        folder.write("12345678\n", to: "t.log")
        chmod(path, 0o604)
        var file = try open(maxSize: 10)
        var lines = ArraySlice("123\n".utf8)
        _ = try file.write(&lines)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o604)
    }

    @Test func aFileThatWasMovedAwayIsBegunAnew() throws {
        folder.write("12345678\n", to: "t.log")
        var file = try open(maxSize: 10)
        folder.move("t.log", to: "moved")
        var lines = ArraySlice("123\n".utf8)
        _ = try file.write(&lines)
        #expect(folder.text("moved") == "12345678\n")
        #expect(folder.text("t.log") == "123\n")
        #expect(folder.names == ["moved", "t.log"])
    }

    @Test func withoutRotationTheFileGrows() throws {
        var file = LogFile(path: path, rotation: nil, descriptor: try LogFile.open(path))
        var lines = ArraySlice(repeatElement("1234567\n".utf8, count: 100).joined())
        let rotated = try file.write(&lines)
        #expect(!rotated)
        #expect(folder.names == ["t.log"])
        #expect(folder.text("t.log")?.utf8.count == 800)
    }

    @Test func whatCannotBeWrittenIsKept() throws {
        folder.link("t.log", to: "/dev/full")
        var file = LogFile(path: path, rotation: nil, descriptor: try LogFile.open(path))
        var lines = ArraySlice("1\n".utf8)
        var failure: LogFile.Failure?
        do { _ = try file.write(&lines) } catch { failure = error }
        #expect(failure == LogFile.Failure(number: ENOSPC))
        #expect(Array(lines) == Array("1\n".utf8))
    }

    @Test func aFolderThatIsNotThereIsTold() {
        let failure = #expect(throws: LogFile.Failure.self) { try LogFile.open("/nonexistent/t.log") }
        #expect(failure?.description == "No such file or directory")
    }
}
