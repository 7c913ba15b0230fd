import Testing

@testable import MartinetOperations

@Suite struct BackupNameTests {
    /// 2026-11-21T03:04:05.007Z and 999 999 ns more.
    private let time: Int64 = 1_795_230_245_007_999_999

    @Test(
        arguments: [
            ("proxy.log", "proxy-2026-11-21T03-04-05.007.log"), ("proxy", "proxy-2026-11-21T03-04-05.007"),
            ("a.b.log", "a.b-2026-11-21T03-04-05.007.log"), (".log", "-2026-11-21T03-04-05.007.log"),
        ])
    func standsBetweenStemAndEnding(file: String, name: String) {
        #expect(BackupName(of: file).name(at: time) == name)
        #expect(BackupName(of: file).parse(name)?.time == 1_795_230_245_007_000_000)
        #expect(BackupName(of: file).parse(name)?.isPacked == false)
        #expect(BackupName(of: file).parse(name + ".gz")?.isPacked == true)
    }

    @Test(arguments: [
        "proxy.log", "proxy-.log", "proxy-bogus.log", "other-2026-11-21T03-04-05.007.log",
        "proxy-2026-11-21T03-04-05.007.txt", "proxy-2026-11-21T03-04-05.007.log.gz.part",
        "proxy-2026-11-21T03:04:05.007.log", "proxy-2026-11-21T03-04-05.0071.log", "proxy-2026-11-2aT03-04-05.007.log",
        "", "-", "proxy-2026-11-21T03-04-05.007.log.gz.gz",
    ])
    func otherFilesAreLeftAlone(name: String) {
        #expect(BackupName(of: "proxy.log").parse(name) == nil)
    }

    @Test func aYearFarAwayDoesNoHarm() {
        _ = BackupName(of: "proxy.log").parse("proxy-9999-99-99T99-99-99.999.log")
        _ = BackupName(of: "proxy.log").parse("proxy-0000-00-00T00-00-00.000.log")
    }
}
