import MartinetCore
import MartinetHTTP
import Testing

@Suite struct StickyCookieTests {
    private let cookie = StickyCookie(
        name: "lb", attributes: "; Path=/",
        values: [.init(current: "aaa", outdated: ["http://a", "old"]), nil, .init(current: "ccc", outdated: ["old"])])

    @Test(
        arguments: [
            (["lb=aaa"], 0, false),
            (["x=1; lb=ccc; y=2"], 2, false),
            (["x=1", "  lb=ccc\t;y"], 2, false),
            (["lb=\"aaa\""], 0, false),
            (["lb=old"], 0, true),
            (["lb=http://a"], 0, true),
            (["lb =aaa"], 0, false),
            (["lb=c\"cc; lb=aaa"], 0, false),
            (["lb=ccc\\; lb=aaa"], 0, false),
            (["lb=é; lb=aaa"], 0, false),
            (["lb=\"c\"c\"", "lb=aaa"], 0, false),
            (["alb=ccc; lb=aaa; lb=ccc"], 0, false),
        ] as [([String], Int, Bool)])
    func findsWhatACookieNames(lines: [String], place: Int, isOutdated: Bool) {
        #expect(choice(lines) == .init(place: place, isOutdated: isOutdated))
    }

    @Test(
        arguments: [
            [], ["lb"], ["lb="], ["lb=bbb"], ["LB=aaa"], ["lb=aaa2"], ["xlb=aaa"], ["lb= aaa"], ["lb; lb=aaa"],
            ["lb=nothing; lb=aaa"],
            [";;;"],
            ["lb=\""], [String(repeating: "lb=", count: 2000)],
        ] as [[String]])
    func findsNothingInOtherCookies(lines: [String]) {
        #expect(choice(lines) == nil)
    }

    @Test func setsTheCookieBeforeThoseOfTheServer() {
        var headers = HeaderBlock()
        headers.add(.setCookie, "lb=theirs")
        cookie.set(2, in: &headers)
        #expect(headers.strings(name: "Set-Cookie") == ["lb=ccc; Path=/", "lb=theirs"])
    }

    private func choice(_ lines: [String]) -> StickyCookie.Choice? {
        var headers = HeaderBlock()
        for line in lines { headers.add(.cookie, line) }
        return cookie.choice(of: headers)
    }
}
