import MartinetConfig
import MartinetCore
import MartinetHTTP
import Testing

@testable import MartinetOperations

@Suite struct AccessLogJSONTests {
    /// The end of each line that has no header fields.
    private let end = #""level":"info","msg":"","time":"2026-11-21T08:34:06+05:30"}"#

    @Test func aProxiedRequestInFull() {
        let it = AccessLogFixture("GET /a%20b?x=1 HTTP/1.1\r\nHost: a.test:8080\r\nUser-Agent: ua\r\n")
        #expect(
            it.json() == #"{"ClientAddr":"127.0.0.1:4711","ClientHost":"127.0.0.1","ClientPort":"4711","#
                + #""ClientUsername":"-","DownstreamContentSize":5,"DownstreamStatus":200,"Duration":1500000000,"#
                + #""OriginContentSize":5,"OriginDuration":1400000000,"OriginStatus":200,"Overhead":100000000,"#
                + #""RequestAddr":"a.test:8080","RequestContentSize":0,"RequestCount":7,"RequestHost":"a.test","#
                + #""RequestMethod":"GET","RequestPath":"/a%20b?x=1","RequestPort":"8080","#
                + #""RequestProtocol":"HTTP/1.1","RequestScheme":"http","RetryAttempts":0,"RouterName":"app@file","#
                + #""ServiceAddr":"10.0.0.1:8080","ServiceName":"app@file","ServiceURL":"http://10.0.0.1:8080","#
                + #""StartLocal":"2026-11-21T08:34:05.0600007+05:30","StartUTC":"2026-11-21T03:04:05.0600007Z","#
                + #""entryPointName":"web","# + end)
    }

    @Test func tellsHowARequestWasEncrypted() {
        let security = ConnectionSecurity(version: "1.3", cipherSuite: "TLS_AES_128_GCM_SHA256")
        let members = #""TLSCipher":"TLS_AES_128_GCM_SHA256","TLSVersion":"1.3","entryPointName":"web","#
        #expect(AccessLogFixture(security: security).json().contains(members))
        var certificate = ClientCertificate(der: [])
        certificate.subjectText = #"CN=a\,b"#
        let it = AccessLogFixture(security: security, clientCertificate: certificate)
        #expect(it.json().contains(#""TLSClientSubject":"CN=a\\,b","TLSVersion":"1.3""#))
    }

    @Test func anAnswerOfOurOwnHasNoServerAndNoHostWithoutHostLine() {
        var it = AccessLogFixture("GET / HTTP/1.0\r\n", response: nil)
        it.exchange.routerName = ""
        it.figures.downstreamStatus = 404
        it.figures.downstreamBytes = 19
        #expect(
            it.json() == #"{"ClientAddr":"127.0.0.1:4711","ClientHost":"127.0.0.1","ClientPort":"4711","#
                + #""ClientUsername":"-","DownstreamContentSize":19,"DownstreamStatus":404,"Duration":1500000000,"#
                + #""GzipRatio":0,"OriginContentSize":0,"OriginDuration":0,"OriginStatus":0,"Overhead":1500000000,"#
                + #""RequestContentSize":0,"RequestCount":7,"RequestMethod":"GET","RequestPath":"/","#
                + #""RequestProtocol":"HTTP/1.0","RequestScheme":"http","RetryAttempts":0,"#
                + #""StartLocal":"2026-11-21T08:34:05.0600007+05:30","StartUTC":"2026-11-21T03:04:05.0600007Z","#
                + #""entryPointName":"web","# + end)
    }

    @Test func headersAreSortedByCanonicalNameAndJoined() {
        var it = AccessLogFixture(
            "GET / HTTP/1.1\r\nx-two: 1\r\nHost: a\r\nConnection: keep-alive\r\nAccept: q\r\nX_low: u\r\nX-TWO: 2\r\n",
            response:
                "HTTP/1.1 200 OK\r\ndate: d\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n")
        it.fields = AccessLogFixture.keepingHeaders()
        it.fields?.defaultMode = "drop"
        #expect(
            it.json() == #"{"downstream_Date":"d","downstream_Set-Cookie":"a=1,b=2","level":"info","msg":"","#
                + #""origin_Date":"d","origin_Set-Cookie":"a=1,b=2","request_Accept":"q","request_X-Two":"1,2","#
                + #""request_X_low":"u","time":"2026-11-21T08:34:06+05:30"}"#)
    }

    @Test func theEntryPointStandsBetweenTheAnswersHeaders() {
        var it = AccessLogFixture()
        it.fields = AccessLogFixture.keepingHeaders()
        it.fields?.defaultMode = "drop"
        it.fields?.names["ENTRYPOINTNAME"] = "keep"
        #expect(
            it.json() == #"{"downstream_Content-Length":"5","entryPointName":"web","level":"info","msg":"","#
                + #""origin_Content-Length":"5","time":"2026-11-21T08:34:06+05:30"}"#)
    }

    @Test func anUpgradeShowsTheLinesThatMadeIt() {
        var it = AccessLogFixture(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: foo\r\n",
            response: "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: foo\r\n")
        it.figures.originStatus = 0
        it.figures.downstreamStatus = 0
        it.fields = AccessLogFixture.keepingHeaders()
        it.fields?.defaultMode = "drop"
        #expect(
            it.json() == #"{"downstream_Connection":"Upgrade","downstream_Upgrade":"foo","level":"info","msg":"","#
                + #""origin_Connection":"Upgrade","origin_Upgrade":"foo","request_Connection":"Upgrade","#
                + #""request_Upgrade":"foo","time":"2026-11-21T08:34:06+05:30"}"#)
    }

    @Test func whatWasAskedForIsLoggedNotWhatMiddlewaresMadeOfIt() {
        var it = AccessLogFixture("GET /strip/x?q HTTP/1.1\r\nHost: a.test:1\r\n")
        it.exchange.request.setPath("/x")
        it.exchange.request.setQuery(nil)
        it.exchange.request.host = it.exchange.request.headers.store("other")
        it.fields = AccessLogFixture.only("RequestPath", "RequestAddr", "RequestHost", "RequestPort")
        #expect(
            it.json()
                == #"{"RequestAddr":"a.test:1","RequestHost":"a.test","RequestPath":"/strip/x?q","RequestPort":"1","#
                + end)
    }

    @Test(
        arguments: [
            ("a.test", "a.test", "-"), ("a.test:80", "a.test", "80"), ("[::1]:443", "::1", "443"),
            ("[::1]", "::1", "-"),
            ("a:", "a", ""),
        ])
    func takesTheHostApart(host: String, name: String, port: String) {
        var it = AccessLogFixture()
        it.exchange.request.host = it.exchange.request.headers.store(host)
        it.exchange.routed = RoutedTarget(it.exchange.request)
        it.fields = AccessLogFixture.only("RequestAddr", "RequestHost", "RequestPort")
        #expect(
            it.json() == #"{"RequestAddr":"\#(host)","RequestHost":"\#(name)","RequestPort":"\#(port)","# + end)
    }

    @Test func theClientIsWhoTrustedPeersSay() {
        var it = AccessLogFixture(
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 9.9.9.9, 8.8.8.8\r\nx-forwarded-for: 7.7.7.7\r\n",
            peer: IPAddress(value: 1))
        it.fields = AccessLogFixture.only("ClientHost", "ClientAddr")
        #expect(it.json() == #"{"ClientAddr":"[::1]:4711","ClientHost":"9.9.9.9, 8.8.8.8, 7.7.7.7","# + end)
    }

    @Test(
        arguments: [
            (10, 40, "0.25"), (5000, 40, "125"), (10, 7497, "0.0013338668800853674"), (1, 3, "0.3333333333333333"),
            (64890, 7342, "8.83819122854808"), (0, 19, "0"),
        ] as [(UInt64, UInt64, String)])
    func ratiosAreShortestDecimals(origin: UInt64, downstream: UInt64, text: String) {
        var it = AccessLogFixture()
        it.figures.originBytes = origin
        it.figures.downstreamBytes = downstream
        it.fields = AccessLogFixture.only("GzipRatio")
        #expect(it.json() == #"{"GzipRatio":\#(text),"# + end)
    }

    @Test func thereIsNoRatioToNothing() {
        var it = AccessLogFixture()
        it.figures.downstreamBytes = 0
        it.fields = AccessLogFixture.only("GzipRatio")
        #expect(it.json() == "{" + end)
    }
}
