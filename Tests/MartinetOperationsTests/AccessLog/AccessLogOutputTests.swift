import MartinetConfig
import MartinetCore
import Testing

@testable import MartinetOperations

@Suite struct AccessLogOutputTests {
    @Test func sinksNumberTheirRequestsTogetherAndReopenTheFile() throws {
        let folder = try TemporaryFolder()
        var options = AccessLogOptions()
        options.filePath = folder.path("access.log")
        options.format = "json"
        options.fields = AccessLogFixture.only("RequestCount")
        let output = try AccessLogOutput.open(options)
        let it = AccessLogFixture()
        let sinks = [output.makeSink(), output.makeSink()]
        for sink in sinks {
            sink.record(it.exchange, it.figures)
            sink.flush()
        }
        output.drain()
        folder.move("access.log", to: "access.old")
        AccessLogOutput.reopenAll()
        sinks[0].record(it.exchange, it.figures)
        sinks[0].flush()
        output.drain()
        #expect(Self.counts(folder.text("access.old") ?? "") == ["1", "2"])
        #expect(Self.counts(folder.text("access.log") ?? "") == ["3"])
    }

    /// `RequestCount` of each line, which has besides it only what every line has.
    private static func counts(_ text: String) -> [Substring] {
        text.matches(of: /\{"RequestCount":(\d+),"level":"info","msg":"","time":"[-0-9T:+Z]+"\}\n/).map(\.1)
    }
}
