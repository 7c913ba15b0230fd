import MartinetConfig
import Testing

@Suite struct RoutingDecoderTests {
    private func decode(_ text: String, _ format: DocumentFormat = .yaml) throws -> DecodedRouting {
        RoutingDecoder.decode(try parseDocument(text, format: format, file: "a"))
    }

    @Test func oneBrokenObjectLeavesTheOthers() throws {
        let decoded = try decode(
            """
            http:
              middlewares:
                good: {addPrefix: {prefix: /a}}
                bad: {stripPrefix: {prefixs: [/a]}}
                empty: {addPrefix: {}}
            """)
        #expect(decoded.configuration.http.middlewares.keys.sorted() == ["good"])
        #expect(decoded.broken.keys.sorted() == ["http.middlewares.bad", "http.middlewares.empty"])
        let reason = decoded.broken["http.middlewares.bad"]?.first?.description
        #expect(
            reason == "a:4:25: http.middlewares.bad.stripPrefix: unknown option \"prefixs\"; did you mean \"prefixes\"?"
        )
    }

    @Test func presenceOfEmptySectionsCounts() throws {
        for text in ["tls: {}", "tls: true", "tls:"] {
            let decoded = try decode("http: {routers: {r: {rule: x, service: s, \(text)}}}".replacingColonTail())
            #expect(decoded.configuration.http.routers["r"]?.tls != nil, "\(text)")
        }
        let toml = try decode("[http.routers.r]\nrule = 'x'\n[http.routers.r.tls]\n", .toml)
        #expect(toml.configuration.http.routers["r"]?.tls != nil)
        #expect(toml.positions["http.routers.r"]?.line == 1)
    }

    @Test func unknownSectionsAreProblems() throws {
        let decoded = try decode("htp: {}\nhttp: {router: {}}")
        #expect(decoded.problems.map(\.remedy) == ["did you mean \"http\"?", "did you mean \"routers\"?"])
    }

    @Test func loadBalancersShowTheirDefaults() throws {
        let decoded = try decode("http: {services: {s: {loadBalancer: {servers: [{url: 'http://a'}]}}}}")
        #expect(
            decoded.configuration.http.services["s"]?.encode()?.text
                == #"{"loadBalancer":{"servers":[{"url":"http://a"}],"strategy":"wrr","passHostHeader":true,"responseForwarding":{"flushInterval":"100ms"}}}"#
        )
    }

    @Test func blanksAroundTheWordsOfListsDoNotCount() throws {
        let decoded = try decode(
            "http: {routers: {r: {rule: ' x ', service: s, middlewares: [' a ', \"\\tb\\n\"]}, q: {rule: x, middlewares: ' a , b'}}}"
        )
        #expect(decoded.configuration.http.routers["r"]?.middlewares == ["a", "b"])
        #expect(decoded.configuration.http.routers["r"]?.rule == " x ")
        #expect(decoded.configuration.http.routers["q"]?.middlewares == ["a", "b"])
    }

    @Test func emptyWordsOfListsAreShown() {
        #expect(["", "a"].encode()?.text == #"["","a"]"#)
        #expect([0, 1].encode()?.text == "[0,1]")
    }

    @Test(arguments: [("{}", false), ("{servers: []}", true)])
    func loadBalancersDoNotStandAlone(options: String, isGood: Bool) throws {
        let decoded = try decode("http: {services: {s: {loadBalancer: \(options)}}}")
        #expect((decoded.broken["http.services.s"] == nil) == isGood)
    }

    @Test func secretsAreNotShown() throws {
        let decoded = try decode("tls: {certificates: [{certFile: a, keyFile: canary}]}")
        #expect(decoded.configuration.tls.encode()?.text.contains("canary") == false)
    }

    @Test func duplicateKeysAreRefused() {
        #expect(throws: DocumentError.self) { try parseDocument("a: 1\na: 2", format: .yaml, file: "a") }
    }
}

extension String {
    /// `tls:` alone has no place in a flow mapping: written as null.
    fileprivate func replacingColonTail() -> String {
        hasSuffix("tls:}}}") ? String(dropLast(4)) + ": null}}}" : self
    }
}
