import MartinetConfig
import MartinetCore
import Testing

@testable import MartinetServer

/// Names and values are those that Traefik 3.7.15 was seen to give.
@Suite struct StickyCookieCompilingTests {
    @Test(
        arguments: [
            ("", "_"), ("lb", "lb"), ("l b;x=ü", "l_b_x__"), ("a!#$%&'*+-.^`|~9", "a!#$%&'*+-.^`|~9"),
        ])
    func namesAreMadeFitForCookies(name: String, expected: String) {
        let made = StickyCookie.name(name, service: "s@file")
        #expect(name.isEmpty ? made.hasPrefix(expected) && made.utf8.count == 6 : made == expected)
    }

    @Test func aNameIsMadeOfTheService() {
        #expect(StickyCookie.name("", service: "a@file") != StickyCookie.name("", service: "b@file"))
        #expect(StickyCookie.name("", service: "a@file") == StickyCookie.name("", service: "a@file"))
    }

    @Test func valuesAreHashesOfTheServer() {
        let values = StickyCookie.values(for: "http://127.0.0.1:8000")
        #expect(values.current.utf8.count == 16)
        #expect(values.outdated.count == 3)
        #expect(values.outdated[0] == "http://127.0.0.1:8000")
        // Reference values of SHA-256 and FNV-1.
        #expect(StickyCookie.values(for: "").current == "e3b0c44298fc1c14")
        #expect(StickyCookie.values(for: "").outdated[1] == "cbf29ce484222325")
        #expect(StickyCookie.values(for: "a").outdated[1] == "af63bd4c8601b7be")
    }

    @Test(
        arguments: [
            ("/", "", 0, "", "; Path=/"),
            (nil, "", 0, "", "; Path=/"),
            ("", "", 60, "LAX", "; Max-Age=60; SameSite=Lax"),
            ("/a;\u{1}b", "", -1, "none", "; Path=/ab; Max-Age=0; SameSite=None"),
            ("/", ".a.test", 0, "other", "; Path=/; Domain=a.test"),
            ("/", "a.test.", 0, "", "; Path=/; Domain=a.test."), ("/", ".a.test.", 0, "", "; Path=/; Domain=a.test."),
            ("/", ".127.0.0.1", 0, "", "; Path=/"), ("/", "..a.test", 0, "", "; Path=/"), ("/", ".", 0, "", "; Path=/"),
            ("/", "127.0.0.1", 0, "strict", "; Path=/; Domain=127.0.0.1; SameSite=Strict"),
            ("/", "a b", 0, "", "; Path=/"), ("/", "a..b", 0, "", "; Path=/"), ("/", "-a.b", 0, "", "; Path=/"),
            ("/", "::1", 0, "", "; Path=/"), ("/", "1.2", 0, "", "; Path=/"),
        ] as [(String?, String, Int, String, String)])
    func attributesAreWrittenAsByGo(path: String?, domain: String, maxAge: Int, sameSite: String, expected: String) {
        var options = CookieOptions()
        options.path = path
        options.domain = domain
        options.maxAge = maxAge
        options.sameSite = sameSite
        #expect(StickyCookie.attributes(options) == expected)
    }

    @Test func flagsStandBetweenAgeAndSite() {
        var options = CookieOptions()
        options.secure = true
        options.httpOnly = true
        options.sameSite = "lax"
        #expect(StickyCookie.attributes(options) == "; Path=/; HttpOnly; Secure; SameSite=Lax")
    }
}
