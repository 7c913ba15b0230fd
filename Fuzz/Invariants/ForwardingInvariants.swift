import MartinetCore
import MartinetHTTP
import MartinetServer
import NIOCore

/// What must hold when an accepted request is sent on: the server reads the request that was routed, and only that.
enum ForwardingInvariants {
    /// `input` begins with a head that is accepted.
    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        let exchange = Exchange(connection: client)
        try parse(input, into: &exchange.request)
        // The server answers CONNECT itself, and refuses paths with broken escapes.
        guard exchange.request.method != .connect,
            PathNormalizer.normalize(&exchange.request, sanitize: true)
        else { return }
        try pathMustBeNormal(exchange.request)
        QuerySemicolons.apply(to: &exchange.request, encode: false)
        ForwardedHeaders.apply(to: exchange, settings: .init(), hostName: "proxy")
        let sent = RequestSnapshot(exchange.request)

        var out = ByteBuffer()
        RequestHeadWriter.write(exchange, to: server, framing: sent.framing, into: &out)
        var copy = RequestHead()
        var parser = HTTP1RequestParser(limits: HTTP1Limits())
        switch parser.parse(&out, into: &copy) {
        case .head: break
        case .needMore: throw BrokenInvariant("what is forwarded is a whole head")
        case .refused(let refusal): throw BrokenInvariant("what is forwarded is accepted, not refused: \(refusal)")
        }
        try requireEqual(out.readableBytes, 0, "nothing is left behind a forwarded head")
        try mustBeSame(sent, RequestSnapshot(copy))
    }

    private static func mustBeSame(_ sent: RequestSnapshot, _ got: RequestSnapshot) throws(BrokenInvariant) {
        try requireEqual(got.methodBytes, sent.methodBytes, "the method")
        try requireEqual(got.path, sent.path, "the path")
        try requireEqual(got.query, sent.query, "the query")
        try requireEqual(got.host, sent.host.isEmpty ? Array("origin.test".utf8) : sent.host, "the host")
        try requireEqual(got.framing, sent.framing, "the framing")
        try requireEqual(got.wantsUpgrade, sent.wantsUpgrade, "the wish to upgrade")
        try requireEqual(got.expectsContinue, sent.expectsContinue, "the expectation")
        try requireEqual(
            got.lines.filter { HopByHop.request & $0.id.bit == 0 }.map(\.folded),
            sent.lines.filter { HopByHop.request & $0.id.bit == 0 }.map(\.folded), "the other lines")
        let peers = got.lines.filter { $0.id == .xForwardedFor }
        try requireEqual(peers.map(\.value), [Array(client.peerText.utf8)], "the client's address, and no other")
        let known = Set(HeaderID.allCases.filter { HopByHop.forwarded & $0.bit != 0 }.map { Array($0.name.bytes) })
        for line in got.lines where line.id == .other {
            let dashed = line.name.map { HeaderBlock.isPlainNameByte($0) ? ASCII.lower($0) : 0x2D }
            try require(!known.contains { $0.map(ASCII.lower) == dashed }, "no twin of a forwarded header: \(line)")
        }
    }

    /// Normalising twice is normalising once, no dot segment and no empty one stays, and both routing and policies take the path.
    private static func pathMustBeNormal(_ head: borrowing RequestHead) throws(BrokenInvariant) {
        let path = head.headers.copy(head.path)
        var again = head.copy()
        try require(PathNormalizer.normalize(&again, sanitize: true), "a normal path stays valid")
        try requireEqual(again.headers.copy(again.path), path, "normalising changes a normal path no more")
        if path.first == 0x2F {
            let segments = path.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false)
            for (index, segment) in segments.enumerated() {
                try require(!segment.isEmpty || index == segments.count - 1, "no empty segment stays")
                try require(
                    !segment.elementsEqual([0x2E]) && !segment.elementsEqual([0x2E, 0x2E]), "no dot segment stays")
            }
        }
        path.withUnsafeBytes { bytes in
            var routed = ByteBuffer()
            _ = RoutingPath.write(bytes, to: &routed)
            _ = EncodedCharacterPolicy.slash.allows(bytes)
        }
        var host = ByteBuffer()
        head.headers.withBytes(head.host) { HostName.write($0, to: &host) }
        try require(host.readableBytes <= head.host.length, "a host does not grow")
    }

    private static func parse(_ input: [UInt8], into head: inout RequestHead) throws(BrokenInvariant) {
        var buffer = ByteBuffer(bytes: input)
        var parser = HTTP1RequestParser(limits: .small)
        guard case .head = parser.parse(&buffer, into: &head) else {
            throw BrokenInvariant("what was accepted once is accepted again")
        }
    }

    private static let client = ConnectionInfo(
        peer: IPAddress(v4: 0xC000_0201), peerPort: 1234, entryPoint: "web", localPort: 80, isTLS: false)
    private static let server = UpstreamServer(
        url: "http://origin.test", scheme: .http, host: "origin.test", port: 80, authority: "origin.test",
        pathPrefix: "", passHostHeader: true, transport: UpstreamTransport(name: "default@internal"), pool: 0)
}
