import MartinetHTTP
import NIOCore
import Testing

@Suite struct TrailerPolicyTests {
    private func admits(_ policy: TrailerPolicy, _ name: String) -> Bool {
        Array(name.utf8).withUnsafeBytes { policy.admits($0) }
    }

    /// One name of each kind that RFC 9110 §6.5.1 warns of, and the spellings that backends take for the same.
    static let refused = [
        "Content-Length", "Transfer-Encoding", "transfer_encoding", "Trailer", "Connection", "Host", "Upgrade",
        "Authorization", "Proxy-Authorization", "WWW-Authenticate", "Authentication-Info", "Cookie", "Set-Cookie",
        "set.cookie", "Content-Type", "Content-Encoding", "Content-Range", "Content-Security-Policy", "Range",
        "If-None-Match", "If-Unmodified-Since", "Expect", "Max-Forwards", "TE", "Accept", "Accept-Language",
        "Cache-Control", "Expires", "Age", "Vary", "Date", "Location", "Retry-After", "X-Forwarded-For",
        "X_Forwarded_Host", "X-Forwarded-Anything", "Forwarded", "X-Real-Ip", "X-Original-Url", "X-Rewrite-Url",
        "X-HTTP-Method-Override", "X-Auth-User", "X-User", "Access-Control-Allow-Origin", "Strict-Transport-Security",
        "Sec-Fetch-Site", "Clear-Site-Data", "Refresh", "X-Frame-Options",
    ]

    @Test(arguments: refused) func nothingThatHeadersAreCheckedForComesLate(_ name: String) {
        #expect(!admits(.request, name))
        #expect(!admits(.response, name))
    }

    @Test(arguments: ["Content-Digest", "repr-digest", "Digest", "Content-MD5"]) func digestsPassBothWays(
        _ name: String
    ) {
        #expect(admits(.request, name))
        #expect(admits(.response, name))
    }

    @Test(arguments: [
        "Grpc-Status", "grpc-message", "grpc-status-details-bin", "Server-Timing", "X-Sum", "my-meta-bin",
    ])
    func serversMaySendMetadata(_ name: String) {
        #expect(!admits(.request, name))
        #expect(admits(.response, name))
    }

    @Test(arguments: [(TrailerPolicy.request, ["abc"]), (.response, ["abc", "0", "1"])])
    func decodersKeepWhatThePolicyAdmits(_ policy: TrailerPolicy, _ values: [String]) {
        let body =
            "0\r\nContent-Length: 99\r\nX-Forwarded-For: 1.2.3.4\r\nHost: b\r\nAuthorization: x\r\nDigest: abc\r\n"
            + "Grpc-Status: 0\r\nX-Sum: 1\r\n\r\n"
        var buffer = ByteBuffer(string: body)
        var decoder = HTTP1BodyDecoder(framing: .chunked, trailers: policy)
        guard case .end = decoder.next(&buffer) else { return #expect(Bool(false), "the body does not end") }
        let kept = decoder.trailers?.fields.entries.compactMap { decoder.trailers?.fields.string($0.value) }
        #expect(kept == values)
    }

    @Test func aSectionWithNothingLeftIsNone() {
        var buffer = ByteBuffer(string: "0\r\nHost: b\r\n\r\n")
        var decoder = HTTP1BodyDecoder(framing: .chunked)
        guard case .end = decoder.next(&buffer) else { return #expect(Bool(false), "the body does not end") }
        #expect(decoder.trailers == nil)
    }
}
