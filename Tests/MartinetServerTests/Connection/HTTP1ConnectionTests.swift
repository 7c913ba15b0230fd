import MartinetHTTP
import NIOCore
import NIOEmbedded
import Testing

@testable import MartinetServer

@Suite struct HTTP1ConnectionTests {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func pipelinedRequestsAreAnsweredInOneGo() throws {
        let client = try EmbeddedConnection()
        try client.send(get + get + get)
        #expect(try client.answers() == 3)
        #expect(client.channel.isActive)
    }

    /// A client that sends requests and reads no answers must not make the proxy keep them.
    @Test func requestsWaitWhileAnswersAreNotRead() throws {
        let client = try EmbeddedConnection()
        client.setWritable(false)
        try client.send(get + get)
        #expect(try client.answers() == 0)
        #expect(client.connection.readsPaused)
        client.setWritable(true)
        #expect(try client.answers() == 2)
        #expect(!client.connection.readsPaused)
    }

    @Test func aHeadLongerThanWhatIsKeptUnreadStillArrives() throws {
        let client = try EmbeddedConnection { $0.limits.maxHeadBytes = 1 << 20 }
        client.setWritable(false)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nX-A: " + String(repeating: "a", count: 100_000))
        client.setWritable(true)
        #expect(!client.connection.readsPaused)
        try client.send("\r\n\r\n")
        #expect(try client.answers() == 1)
    }

    @Test func aClientThatHasSaidAllStillGetsItsAnswers() throws {
        let client = try EmbeddedConnection()
        client.setWritable(false)
        try client.send(get + get)
        client.endInput()
        #expect(client.channel.isActive)
        client.setWritable(true)
        #expect(try client.answers() == 2)
        #expect(!client.channel.isActive)
    }

    @Test(arguments: ["", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\n"])
    func aClientThatStopsBeforeAWholeHeadIsClosed(_ beginning: String) throws {
        let client = try EmbeddedConnection()
        try client.send(beginning)
        client.endInput()
        #expect(try client.received().isEmpty)
        #expect(!client.channel.isActive)
    }

    @Test func aBodyThatNobodyReadIsThrownAwayBeforeTheNextRequest() throws {
        let client = try EmbeddedConnection()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
        #expect(try client.answers() == 1)
        try client.send("67890" + get)
        #expect(try client.answers() == 1)
    }

    @Test func stoppingClosesAnUnusedConnection() throws {
        let client = try EmbeddedConnection()
        try client.send(get)
        client.connection.stopAccepting()
        client.channel.embeddedEventLoop.run()
        #expect(try client.answers() == 1)
        #expect(!client.channel.isActive)
    }

    @Test func theLastRequestAllowedOnAConnectionSaysSo() throws {
        let client = try EmbeddedConnection { $0.keepAliveMaxRequests = 2 }
        try client.send(get + get + get)
        let text = try client.received()
        #expect(text.components(of: "HTTP/1.1 404") == 2)
        #expect(text.components(of: "Connection: close") == 1)
    }

    /// However the bytes come, the request is the same, an empty line before it included (RFC 9112 §2.2).
    @Test(arguments: ["", "\r\n"]) func aRequestMayBeCutAnywhere(_ before: String) throws {
        let text = before + "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        for cut in 1..<text.utf8.count {
            let client = try EmbeddedConnection()
            let index = text.utf8.index(text.startIndex, offsetBy: cut)
            try client.send(String(decoding: text.utf8[..<index], as: UTF8.self))
            try client.send(String(decoding: text.utf8[index...], as: UTF8.self))
            #expect(try client.answers() == 1, "cut at \(cut)")
            try client.send(get)
            #expect(try client.answers() == 1, "cut at \(cut)")
        }
    }

    /// Two empty lines are one too many, and nothing that comes in odd pieces may stop the process.
    @Test(arguments: ["\r|\n\n", "\r|\n\r\n", "\n|\n", "\r\n|\r|\n", "\r|\r|\r\n"])
    func emptyLinesInPiecesAreRefused(_ pieces: String) throws {
        let client = try EmbeddedConnection()
        for piece in pieces.utf8.split(separator: UInt8(ascii: "|")) {
            try client.send(String(decoding: piece, as: UTF8.self))
        }
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.received().hasPrefix("HTTP/1.1 400"))
    }
}
