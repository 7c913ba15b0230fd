import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetServer

@Suite struct TrailerAnnouncementTests {
    private func written(_ lines: [String], _ policy: TrailerPolicy) -> String {
        var headers = HeaderBlock()
        for line in lines { headers.add(.trailer, line) }
        var out = ByteBuffer()
        // As little memory as the writers of heads reckon with.
        out.writeRaw(reserving: FieldLines.size(of: headers)) { TrailerAnnouncement.write(headers, policy, to: &$0) }
        return String(buffer: out)
    }

    @Test func onlyWhatMayPassIsAnnounced() {
        #expect(written(["X-Sum, Authorization", "Digest"], .response) == "Trailer: X-Sum,Digest\r\n")
        #expect(written(["X-Sum, Authorization", "Digest"], .request) == "Trailer: Digest\r\n")
        #expect(written(["Content-Length"], .response) == "")
        #expect(written([], .response) == "")
    }

    @Test func aThousandNamesFitTheMemoryReckonedWith() {
        let names = (0..<1000).map { "n\($0)" }
        #expect(written([names.joined(separator: ",")], .response) == "Trailer: \(names.joined(separator: ","))\r\n")
        #expect(written(names, .response) == "Trailer: \(names.joined(separator: ","))\r\n")
    }
}
