import MartinetConfig
import MartinetCore
import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetMiddlewares

@Suite struct Base64Tests {
    private static let cases: [(String, String)] = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("\u{FFFD}~?", "77+9fj8="),
    ]

    @Test(arguments: Base64Tests.cases) func encodes(_ plain: String, _ text: String) {
        var out = ByteBuffer()
        ByteBuffer(string: plain).withUnsafeReadableBytes { Base64.encode($0, to: &out) }
        #expect(String(buffer: out) == text)
    }

    @Test(arguments: Base64Tests.cases, [1, 2, 3, 5, 100]) func decodesPiecesOfAnySize(
        _ pair: (String, String), _ size: Int
    ) {
        var decoder = Base64.Decoder()
        var text = ByteBuffer(string: pair.1 + "\r\n")
        var out = ByteBuffer()
        while let piece = text.readSlice(length: min(size, text.readableBytes)), piece.readableBytes > 0 {
            #expect(piece.withUnsafeReadableBytes { decoder.decode($0, to: &out) })
        }
        #expect(decoder.isWhole)
        #expect(String(buffer: out) == pair.0)
    }

    @Test(arguments: ["=", "Z=", "Zg=v", "Zg==Zg==", "Z*==", "Zm9v=", "Zg=\u{80}"])
    func refusesWhatIsNone(_ text: String) {
        var decoder = Base64.Decoder()
        var out = ByteBuffer()
        let isSound = ByteBuffer(string: text).withUnsafeReadableBytes { decoder.decode($0, to: &out) }
        #expect(!isSound || !decoder.isWhole)
    }
}

@Suite struct GRPCWebTests {
    private func call(_ type: String) -> Exchange {
        let exchange = Exchange.get("/s/M", [("content-type", type)])
        exchange.request.method = .post
        exchange.request.framing = .length(8)
        return exchange
    }

    @Test(arguments: [
        ("application/grpc-web", "application/grpc"), ("application/grpc-web+proto", "application/grpc+proto"),
        ("application/grpc-web-text", "application/grpc"), ("application/grpc-web-text+json", "application/grpc+json"),
        ("application/grpc", "application/grpc"), ("text/plain", "text/plain"),
    ])
    func namesGRPCInItsPlace(_ type: String, _ expected: String) {
        let exchange = call(type)
        #expect(GRPCWeb(GRPCWebOptions()).request(exchange) == .proceed)
        #expect(exchange.request.headers.string(.contentType) == expected)
        #expect(exchange.request.framing == (type == expected ? .length(8) : .chunked))
    }

    @Test func unpacksABodyThatWasReadAlready() {
        let exchange = call("application/grpc-web-text")
        exchange.bufferedBody = ByteBuffer(string: "Zm9vYg==")
        let middleware = GRPCWeb(GRPCWebOptions())
        #expect(middleware.request(exchange) == .proceed)
        #expect(exchange.bufferedBody == ByteBuffer(string: "foob"))
        #expect(exchange.requestTransform == nil)
        // A middleware further out sends the request once more.
        exchange.request.headers.set(.contentType, "application/grpc-web-text")
        #expect(middleware.request(exchange) == .proceed)
        #expect(exchange.bufferedBody == ByteBuffer(string: "foob"))
    }

    @Test func refusesABufferedBodyThatIsBroken() {
        let exchange = call("application/grpc-web-text")
        exchange.bufferedBody = ByteBuffer(string: "Zm9vYg")
        #expect(GRPCWeb(GRPCWebOptions()).request(exchange) == .respond)
        #expect(exchange.response.status == 500)
    }

    @Test func writesTrailersIntoTheBodyInOrderAndLowerCase() throws {
        let exchange = call("application/grpc-web")
        let middleware = GRPCWeb(GRPCWebOptions())
        _ = middleware.request(exchange)
        exchange.response.status = 200
        _ = middleware.response(exchange)
        var fields = HeaderBlock()
        for (name, value) in [("X-B", "1"), ("Grpc-Status", "0"), ("X-B", "2")] { fields.add(name: name, value: value) }
        exchange.responseTrailers = TrailerSection(fields)
        var chunk = ByteBuffer(string: "m")
        let transform = try #require(exchange.responseTransforms.first)
        #expect(transform.transform(&chunk, end: true, flush: false, exchange) == .release)
        let lines = "grpc-status: 0\r\nx-b: 1\r\nx-b: 2\r\n"
        #expect(Array(buffer: chunk) == Array("m".utf8) + [0x80, 0, 0, 0, UInt8(lines.utf8.count)] + Array(lines.utf8))
        #expect(exchange.responseTrailers == nil)
    }
}
