import CZlib
import Testing

@testable import MartinetOperations

@Suite struct LogBackupsTests {
    private let folder: TemporaryFolder
    private let backups: LogBackups
    /// 2026-11-21T00:00:00Z
    private let now: Int64 = 1_795_219_200_000_000_000

    init() throws {
        folder = try TemporaryFolder()
        backups = LogBackups(of: folder.path("t.log"))
        for day in ["01", "18", "19", "20"] { folder.write("day \(day)\n", to: "t-2026-11-\(day)T00-00-00.000.log") }
        for name in ["t.log", "t-bogus.log", "other.log"] { folder.write("", to: name) }
    }

    private func tidy(backups count: Int = 0, days: Int = 0, compresses: Bool = false) {
        backups.tidy(LogRotation(megabytes: 1, backups: count, days: days, compresses: compresses), now: now)
    }

    /// Days of the files left, with `z` where one is packed; the three other files are checked on the way.
    private var days: [String] {
        let names = folder.names
        #expect(names.filter { !$0.hasPrefix("t-2026") } == ["other.log", "t-bogus.log", "t.log"])
        return names.filter { $0.hasPrefix("t-2026") }.map {
            String($0.dropFirst(10).prefix(2)) + ($0.hasSuffix(".gz") ? "z" : "")
        }
    }

    @Test func withoutLimitsAllStay() {
        tidy()
        #expect(days == ["01", "18", "19", "20"])
    }

    @Test func theNewestStay() {
        tidy(backups: 2)
        #expect(days == ["19", "20"])
    }

    @Test func whatIsTooOldGoes() {
        tidy(days: 3)
        #expect(days == ["18", "19", "20"])
        tidy(days: 2)
        #expect(days == ["19", "20"])
    }

    @Test func aFileAndItsPackedSelfCountOnce() {
        folder.write("", to: "t-2026-11-20T00-00-00.000.log.gz")
        tidy(backups: 2)
        #expect(days == ["19", "20", "20z"])
    }

    @Test func whatStaysIsPacked() throws {
        tidy(backups: 2, compresses: true)
        #expect(days == ["19z", "20z"])
        let file = try #require(gzopen(folder.path("t-2026-11-20T00-00-00.000.log.gz"), "rb"))
        defer { gzclose(file) }
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = gzread(file, &buffer, 100)
        #expect(String(decoding: buffer[..<Int(max(0, count))], as: UTF8.self) == "day 20\n")
    }

    @Test func aNameThatIsTakenIsNotOverwritten() {
        folder.write("new\n", to: "t.log")
        #expect(backups.putAside(folder.path("t.log"), at: 1_795_132_800_000_000_000))
        #expect(folder.text("t-2026-11-20T00-00-00.000.log") == "day 20\n")
        #expect(folder.text("t-2026-11-20T00-00-00.001.log") == "new\n")
        folder.write("", to: "t.log")
    }

    @Test func packingWhatIsNotThereDoesNothing() {
        #expect(!GzipFile.pack(folder.path("none")))
        #expect(!folder.names.contains { $0.hasPrefix("none") })
    }
}
