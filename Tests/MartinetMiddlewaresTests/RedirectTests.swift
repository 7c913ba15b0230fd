import MartinetConfig
import MartinetCore
import MartinetHTTP
import MartinetMiddlewares
import Testing

@Suite struct RedirectTests {
    private func exchange(
        _ target: String, host: String, proto: String? = nil, isTLS: Bool = false, method: HTTPMethod = .get
    ) -> Exchange {
        let exchange = Exchange(
            connection: ConnectionInfo(
                peer: IPAddress(v4: 0x7F00_0001), peerPort: 1, entryPoint: "web", localPort: 80, isTLS: isTLS))
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        exchange.request.setPath(String(parts[0]))
        exchange.request.setQuery(parts.count > 1 ? String(parts[1]) : nil)
        exchange.request.host = exchange.request.headers.store(host)
        exchange.request.method = method
        if let proto { exchange.request.headers.add(.xForwardedProto, proto) }
        return exchange
    }

    struct SchemeCase: Sendable, CustomTestStringConvertible {
        var scheme = "https"
        var port = ""
        var host = "h.test"
        var target = "/x?a=b"
        var proto: String?
        var isTLS = false
        /// Nil: the request goes on.
        var location: String?
        var testDescription: String { "\(scheme) \(port) \(host)\(target) \(proto ?? "") -> \(location ?? "next")" }
    }

    @Test(arguments: [
        SchemeCase(location: "https://h.test/x?a=b"),
        SchemeCase(host: "h.test:8080", location: "https://h.test/x?a=b"),
        SchemeCase(port: "8443", host: "h.test:8080", location: "https://h.test:8443/x?a=b"),
        SchemeCase(port: "443", host: "h.test:80", location: "https://h.test/x?a=b"),
        SchemeCase(host: "[::1]:80", location: "https://[::1]/x?a=b"),
        SchemeCase(isTLS: true, location: nil),
        SchemeCase(host: "h.test:443", isTLS: true, location: nil),
        SchemeCase(host: "[::1]", target: "/a%20b?c#d", isTLS: true, location: nil),
        SchemeCase(port: "8443", host: "h.test:8443", isTLS: true, location: nil),
        SchemeCase(port: "8443", host: "h.test8443", isTLS: true, location: "https://h.test8443:8443/x?a=b"),
        SchemeCase(port: "444", isTLS: true, location: "https://h.test:444/x?a=b"),
        SchemeCase(proto: "https", location: nil),
        SchemeCase(proto: "ws", location: "https://h.test/x?a=b"),
        SchemeCase(proto: "wss", location: nil),
        SchemeCase(proto: "gopher", location: nil),
        SchemeCase(scheme: "http", isTLS: true, location: "http://h.test/x?a=b"),
        SchemeCase(target: "/a%20b|c", location: "https://h.test/a%20b%7Cc"),
    ])
    func redirectsToTheScheme(_ it: SchemeCase) throws {
        var options = RedirectSchemeOptions()
        options.scheme = it.scheme
        options.port = it.port
        let exchange = exchange(it.target, host: it.host, proto: it.proto, isTLS: it.isTLS)
        let outcome = try Redirect(options).request(exchange)
        #expect(outcome == (it.location == nil ? .proceed : .respond))
        #expect(exchange.response.headers.string(.location) == it.location)
    }

    @Test func needsAScheme() {
        #expect(throws: MiddlewareError.self) { try Redirect(RedirectSchemeOptions()) }
    }

    @Test(
        arguments: [
            (HTTPMethod.get, false, 302), (.get, true, 301), (.post, false, 307), (.post, true, 308),
            (.head, true, 308),
        ] as [(HTTPMethod, Bool, UInt16)])
    func keepsTheMethodOfAllButGet(_ method: HTTPMethod, _ permanent: Bool, _ status: UInt16) throws {
        var options = RedirectSchemeOptions()
        options.scheme = "https"
        options.permanent = permanent
        let exchange = exchange("/", host: "h.test", method: method)
        #expect(try Redirect(options).request(exchange) == .respond)
        #expect(exchange.response.status == status)
    }

    @Test(
        arguments: [
            ("^http://([^/]+)/(.*)$", "https://$1/y/$2", "/a?b=%zz", "https://h.test/y/a?b=%zz"),
            ("^https://(.*)$", "http://$1", "/a", nil),
            ("/a$", "/a", "/a", nil),
            ("^.*$", "HTTPS://u:p@x.test", "/a", "https://u:p@x.test"),
            ("^.*$", "/only/path#a b", "/a", "/only/path#a%20b"),
            ("^.*/(.*)$", "//other.test/$1", "/a%2Fb", "//other.test/a%2Fb"),
            ("^.*$", "mailto:a@b.test", "/a", "mailto:a@b.test"),
            ("^.*$", "https://é.test/é", "/a", "https://%C3%A9.test/%C3%A9"),
        ] as [(String, String, String, String?)])
    func redirectsByTheWholeURL(regex: String, replacement: String, target: String, location: String?) throws {
        var options = RedirectRegexOptions()
        options.regex = regex
        options.replacement = replacement
        // X-Forwarded-Proto does not count here.
        let exchange = exchange(target, host: "h.test", proto: "https")
        #expect(try Redirect(options).request(exchange) == (location == nil ? .proceed : .respond))
        #expect(exchange.response.headers.string(.location) == location)
    }

    @Test(arguments: [
        "https://h:bad/", "https://[::1/", "https://a b/", ":x", "a:b/%zz", "https://h/%zz", "https://h/\r\nX: y",
        "1a:b",
        "https://h%41/", "https://u%@h/",
    ])
    func whatIsNoURLIsABadGateway(_ replacement: String) throws {
        var options = RedirectRegexOptions()
        options.regex = "^.*$"
        options.replacement = replacement
        let exchange = exchange("/", host: "h.test")
        // An opaque URL may hold anything but control characters.
        let outcome = try Redirect(options).request(exchange)
        #expect(outcome == .respond)
        #expect(exchange.response.status == (replacement.hasPrefix("a:") ? 302 : 502))
    }
}
