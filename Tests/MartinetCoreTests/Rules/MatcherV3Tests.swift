import MartinetCore
import Testing

/// The matchers of the v3 syntax, one table for each.
@Suite struct MatcherV3Tests {
    @Test(arguments: [
        ("Host(`a.example`)", "a.example", true),
        ("Host(`A.Example`)", "a.example", true),
        ("Host(`a.example.`)", "a.example", true),
        ("Host(`a.example`)", "b.example", false),
        ("Host(`*`)", "", true),
        ("Host(`*`)", "a.b.c", true),
        ("Host(`*.example`)", "a.example", true),
        ("Host(`*.example.`)", "a.example", true),
        ("Host(`*.example`)", "example", false),
        ("Host(`*.example`)", ".example", false),
        ("Host(`*.example`)", "b.a.example", false),
        ("Host(`::1`)", "::1", true),
        ("Host(`[::1]`)", "::1", false),
        ("HostRegexp(`^[a-z]+\\.example$`)", "abc.example", true),
        ("HostRegexp(`^[a-z]+\\.example$`)", "abc1.example", false),
        ("HostRegexp(`exam`)", "www.example.com", true),
        ("HostRegexp(`EXAM`)", "www.example.com", false),
        ("!Host(`a.example`)", "a.example", false),
        ("!Host(`a.example`)", "b.example", true),
        ("!Host(`*`)", "b.example", false),
    ])
    func matchesHosts(rule: String, host: String, expected: Bool) throws {
        #expect(try RuleRequest(host: host).fulfils(rule) == expected)
    }

    @Test(arguments: [
        ("Path(`/a`)", "/a", true),
        ("Path(`/a`)", "/a/", false),
        ("Path(`/a`)", "/ab", false),
        ("PathPrefix(`/foo`)", "/foobar", true),
        ("PathPrefix(`/foo`)", "/foo", true),
        ("PathPrefix(`/foo`)", "/fo", false),
        ("PathPrefix(`/a/b`)", "/a%2Fb", false),
        ("PathRegexp(`^/v[0-9]+/`)", "/v12/x", true),
        ("PathRegexp(`x$`)", "/v12/x", true),
        ("PathRegexp(`^x`)", "/v12/x", false),
        ("!PathPrefix(`/foo`)", "/bar", true),
        ("PathPrefix(`/`) && !(Path(`/a`) || Path(`/b`))", "/c", true),
        ("PathPrefix(`/`) && !(Path(`/a`) || Path(`/b`))", "/b", false),
        ("!(PathPrefix(`/a`) && Path(`/ab`))", "/ab", false),
        ("!(PathPrefix(`/a`) && Path(`/ab`))", "/ac", true),
        ("!!Path(`/a`)", "/a", true),
    ])
    func matchesPaths(rule: String, path: String, expected: Bool) throws {
        #expect(try RuleRequest(path: path).fulfils(rule) == expected)
    }

    @Test(arguments: [
        ("Method(`POST`)", "POST", true),
        ("Method(`post`)", "POST", true),
        ("Method(`POST`)", "post", false),
        ("Method(`post`)", "post", false),
        ("Method(`PURGE`)", "PURGE", true),
    ])
    func matchesMethods(rule: String, method: String, expected: Bool) throws {
        #expect(try RuleRequest(method: method).fulfils(rule) == expected)
    }

    @Test(arguments: [
        ("Header(`X-One`, `1`)", true),
        ("Header(`x-one`, `1`)", true),
        ("Header(`X-One`, `2`)", true),
        ("Header(`X-One`, `3`)", false),
        ("Header(`X-Two`, `1`)", false),
        ("Header(`Content-Type`, `text/plain`)", true),
        ("Header(`Content-Type`, `text`)", false),
        ("HeaderRegexp(`content-type`, `^text/`)", true),
        ("HeaderRegexp(`X-One`, `^[2-9]$`)", true),
        ("HeaderRegexp(`X-One`, `^[3-9]$`)", false),
        ("Header(`Host`, `a.example`)", false),
        ("!Header(`X-Two`, `1`)", true),
    ])
    func matchesHeaders(rule: String, expected: Bool) throws {
        let request = RuleRequest(headers: [
            ("Host", "a.example"), ("x-ONE", "1"), ("X-One", "2"), ("Content-Type", "text/plain"),
        ])
        #expect(try request.fulfils(rule) == expected)
    }

    @Test(
        arguments: [
            ("Query(`k`)", "k", true),
            ("Query(`k`)", "k=", true),
            ("Query(`k`)", "k=v", false),
            ("Query(`k`)", "k=v&k", true),
            ("Query(`k`, `v`)", "k=v", true),
            ("Query(`k`, `v`)", "a=b&k=w&k=v", true),
            ("Query(`k`, `v w`)", "k=v+w", true),
            ("Query(`k`, `v w`)", "k=v%20w", true),
            ("Query(`k`, `v`)", "%6B=%76", true),
            ("Query(`k`, `v`)", "k=v;x=y", false),
            ("Query(`k`, `v`)", "k=v%2", false),
            ("Query(`k`, `v`)", "k%=v&k=v", true),
            ("Query(`k`, `a=b`)", "k=a=b", true),
            ("Query(`k`, `v`)", "", false),
            ("Query(`k`, `v`)", nil, false),
            ("QueryRegexp(`k`, `^v+$`)", "k=vvv", true),
            ("QueryRegexp(`k`, `^v w$`)", "k=%76+w", true),
            ("QueryRegexp(`k`, `^v+$`)", "k=x", false),
            ("QueryRegexp(`k`)", "k", true),
            ("QueryRegexp(`k`, `.*`)", "k=%zz", false),
        ] as [(String, String?, Bool)]
    )
    func matchesQueries(rule: String, query: String?, expected: Bool) throws {
        #expect(try RuleRequest(query: query).fulfils(rule) == expected)
    }

    @Test(arguments: [
        ("ClientIP(`10.0.0.0/8`)", "10.1.2.3", true),
        ("ClientIP(`10.0.0.0/8`)", "11.1.2.3", false),
        ("ClientIP(`10.1.2.3`)", "::ffff:10.1.2.3", true),
        ("ClientIP(`::/0`)", "10.1.2.3", false),
        ("ClientIP(`2001:db8::/32`)", "2001:db8::7", true),
        ("!ClientIP(`2001:db8::/32`)", "2001:db8::7", false),
    ])
    func matchesPeers(rule: String, peer: String, expected: Bool) throws {
        #expect(try RuleRequest(peer: peer).fulfils(rule) == expected)
    }

    @Test(arguments: ["PathPrefix", "pathprefix", "PATHPREFIX", "Pathprefix"])
    func functionNamesComeInFourSpellings(name: String) throws {
        #expect(try RuleRequest(path: "/a").fulfils("\(name)(`/a`)"))
    }

    @Test(
        arguments: [
            ("Host(`a`) || Host(`B`) && Path(`/`)", ["a", "b"]),
            ("Host(`a`) && !Host(`b`)", ["a"]),
            ("!(Host(`a`) || !Host(`b`))", ["b"]),
            ("HostRegexp(`a`)", []),
            ("Host(`a`) || Host(`a`) || Host(`*.x.`)", ["a", "*.x"]),
        ] as [(String, [String])]
    )
    func domainsAreThoseOfPositiveHosts(rule: String, expected: [String]) throws {
        #expect(try CompiledRule(rule).domains == expected)
    }
}
