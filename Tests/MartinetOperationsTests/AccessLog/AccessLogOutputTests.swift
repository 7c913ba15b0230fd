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
        let end = #""level":"info","msg":"","time":"2026-11-21T08:34:06+05:30"}"# + "\n"
        #expect(folder.text("access.old") == #"{"RequestCount":1,"# + end + #"{"RequestCount":2,"# + end)
        #expect(folder.text("access.log") == #"{"RequestCount":3,"# + end)
    }
}
