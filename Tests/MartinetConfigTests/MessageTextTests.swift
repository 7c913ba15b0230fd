import MartinetConfig
import Testing

@Suite struct MessageTextTests {
    /// What is wrong with a middleware or service written in YAML's flow style, where `\n` in quotes is a line end.
    private func problems(_ section: String, _ object: String) throws -> [Diagnostic] {
        let text = "http:\n  \(section):\n    x:\n      \(object)\n"
        let decoded = RoutingDecoder.decode(try parseDocument(text, format: .yaml, file: "a"))
        return decoded.problems + decoded.broken.values.joined()
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var object: String
        /// Below `http.middlewares.x.`.
        var path: String
        var reason: String
        var testDescription: String { object.debugDescription }

        init(_ object: String, _ path: String, _ reason: String) {
            self.object = object
            self.path = path
            self.reason = reason
        }
    }

    static let refused: [Row] = [
        Row(#"addPrefix: {prefix: "/a b"}"#, "addPrefix.prefix", "holds a blank"),
        Row(#"addPrefix: {prefix: "/a\r\nX: y"}"#, "addPrefix.prefix", "holds the control character U+000D"),
        Row(
            #"stripPrefix: {prefixes: [/good, "/a\nb"]}"#, "stripPrefix.prefixes[1]",
            "holds the control character U+000A"),
        Row(#"replacePath: {path: "/\0"}"#, "replacePath.path", "holds the control character U+0000"),
        Row(
            #"redirectRegex: {regex: a, replacement: "http://b/\n"}"#, "redirectRegex.replacement",
            "holds the control character U+000A"),
        Row(#"redirectScheme: {scheme: "https\x7f"}"#, "redirectScheme.scheme", "holds the control character U+007F"),
        Row(#"errors: {query: "/{status} x"}"#, "errors.query", "holds a blank"),
        Row(
            #"headers: {customRequestHeaders: {"X A": b}}"#, "headers.customRequestHeaders",
            #"the name "X A" holds a blank, which no name may"#),
        Row(
            #"headers: {customResponseHeaders: {"X:A": b}}"#, "headers.customResponseHeaders",
            #"the name "X:A" holds ":", which no name may"#),
        Row(
            #"headers: {customResponseHeaders: {"é": b}}"#, "headers.customResponseHeaders",
            #"the name "é" holds "é", which no name may"#),
        Row(#"headers: {customResponseHeaders: {"": b}}"#, "headers.customResponseHeaders", "a name is empty"),
        Row(
            #"headers: {customRequestHeaders: {X-A: "a\r\nX-B: c"}}"#, "headers.customRequestHeaders.X-A",
            "holds the control character U+000D"),
        Row(
            #"headers: {contentSecurityPolicy: "a;\nb"}"#, "headers.contentSecurityPolicy",
            "holds the control character U+000A"),
        Row(
            #"headers: {accessControlAllowMethods: ["GET\nA"]}"#, "headers.accessControlAllowMethods[0]",
            "holds the control character U+000A"),
        Row(#"basicAuth: {users: ["a:b"], realm: "a\nb"}"#, "basicAuth.realm", "holds the control character U+000A"),
        Row(
            #"basicAuth: {users: ["a:b"], headerField: "X User"}"#, "basicAuth.headerField",
            "holds a blank, which no name may"),
        Row(#"forwardAuth: {address: "http://a/ b"}"#, "forwardAuth.address", "holds a blank"),
        Row(
            #"forwardAuth: {address: "http://a", authSigninURL: "/\n"}"#, "forwardAuth.authSigninURL",
            "holds the control character U+000A"),
        Row(
            #"forwardAuth: {address: "http://a", authResponseHeaders: ["X\nA"]}"#, "forwardAuth.authResponseHeaders[0]",
            "holds the control character U+000A, which no name may"),
    ]

    @Test(arguments: refused) func textThatWouldBreakMessagesIsRefused(_ row: Row) throws {
        let problems = try problems("middlewares", row.object)
        #expect(problems.count == 1)
        #expect(problems.first?.path == "http.middlewares.x." + row.path)
        #expect(problems.first?.reason == row.reason)
        #expect(problems.first?.remedy != nil)
        #expect(problems.first?.position?.line == 4)
    }

    @Test(arguments: [
        #"loadBalancer: {servers: [{url: "http://a/ b"}]}"#, #"loadBalancer: {servers: [{url: "http://a\n"}]}"#,
        #"loadBalancer: {servers: [{url: "http://a"}], healthCheck: {path: "/\n"}}"#,
        #"loadBalancer: {servers: [{url: "http://a"}], healthCheck: {path: /, headers: {X: "\n"}}}"#,
    ])
    func servicesAreCheckedAsWell(_ object: String) throws {
        #expect(try problems("services", object).map(\.severity) == [.error])
    }

    @Test(arguments: [
        #"headers: {customRequestHeaders: {X-A: "tab\tand é and \"", X_B: "", "~odd!": x}}"#,
        #"headers: {contentSecurityPolicy: "default-src 'self'; img-src *", accessControlAllowHeaders: "A, B"}"#,
        #"redirectRegex: {regex: "^http://(.*)", replacement: "https://${1}"}"#, #"addPrefix: {prefix: "/%20é"}"#,
        #"forwardAuth: {address: "http://a:1/b?c=d", authResponseHeaders: "X-A, X_B", headerField: ""}"#,
    ])
    func whatMessagesCanHoldIsAccepted(_ object: String) throws {
        #expect(try problems("middlewares", object) == [])
    }
}
