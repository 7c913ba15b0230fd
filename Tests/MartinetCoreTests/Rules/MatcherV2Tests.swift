import MartinetCore
import Testing

/// The matchers of the v2 syntax.
@Suite struct MatcherV2Tests {
    @Test(arguments: [
        ("Host(`a.example`, `b.example`)", "b.example", true),
        ("Host(`a.example`, `b.example`)", "c.example", false),
        ("HostHeader(`a.example`)", "a.example", true),
        ("HostRegexp(`{sub:[a-z]+}.example`)", "abc.example", true),
        ("HostRegexp(`{sub:[A-Z]+}.example`)", "abc.example", true),
        ("HostRegexp(`{sub:[a-z]+}.example`)", "a.b.example", false),
        ("HostRegexp(`{sub}.example`)", "a.example", true),
        ("HostRegexp(`{sub:(foo\\.)?bar\\.com}`)", "foo.bar.com", true),
        ("HostRegexp(`a.example`)", "a.example", true),
        ("HostRegexp(`a.example`)", "axexample", false),
        ("!Host(`a.example`, `b.example`)", "b.example", false),
        ("!Host(`a.example`, `b.example`)", "c.example", true),
        ("Host(`*.example`)", "a.example", false),
    ])
    func matchesHosts(rule: String, host: String, expected: Bool) throws {
        #expect(try RuleRequest(host: host).fulfils(rule, .v2) == expected)
    }

    @Test(arguments: [
        ("Path(`/a`, `/b`)", "/b", true),
        ("Path(`/a/{id:[0-9]+}`)", "/a/12", true),
        ("Path(`/a/{id:[0-9]+}`)", "/a/12/", false),
        ("Path(`/a/{id}`)", "/a/x", true),
        ("Path(`/a/{id}`)", "/a/x/y", false),
        ("Path(`/a.b/{n:[a-z]{2}}`)", "/a.b/xy", true),
        ("Path(`/a.b/{n:[a-z]{2}}`)", "/a_b/xy", false),
        ("PathPrefix(`/a/{id:[0-9]+}`)", "/a/12/b", true),
        ("PathPrefix(`/a/{id:[0-9]+}`)", "/a/b", false),
        ("PathPrefix(`/a`, `/b`)", "/bc", true),
    ])
    func matchesPaths(rule: String, path: String, expected: Bool) throws {
        #expect(try RuleRequest(path: path).fulfils(rule, .v2) == expected)
    }

    @Test(arguments: [
        ("Query(`k=v`)", "k=v", true),
        ("Query(`k=v`)", "k=w&k=v", false),
        ("Query(`k=v`, `l=w`)", "l=w&k=v", true),
        ("Query(`k=v`, `l=w`)", "k=v", false),
        ("!Query(`k=v`, `l=w`)", "k=v", true),
        ("Query(`k=`)", "k=anything", true),
        ("Query(`k={n:[0-9]+}`)", "k=12", true),
        ("Query(`k={n:[0-9]+}`)", "k=12a", false),
    ])
    func matchesQueries(rule: String, query: String, expected: Bool) throws {
        #expect(try RuleRequest(query: query).fulfils(rule, .v2) == expected)
    }

    @Test(arguments: [
        ("Method(`GET`, `POST`)", true),
        ("Method(`PUT`, `POST`)", false),
        ("Headers(`X-A`, `1`)", true),
        ("HeadersRegexp(`X-A`, `[0-9]`)", true),
        ("HeadersRegexp(`X-A`, `[a-z]`)", false),
        ("ClientIP(`10.0.0.1`, `192.0.2.0/24`)", true),
        ("ClientIP(`10.0.0.1`, `10.0.0.2`)", false),
    ])
    func matchesTheRest(rule: String, expected: Bool) throws {
        #expect(try RuleRequest(headers: [("x-a", "1")]).fulfils(rule, .v2) == expected)
    }
}
