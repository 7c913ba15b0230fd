import MartinetCore
import MartinetHTTP

/// A request as rules see it, for tables of tests.
struct RuleRequest: Sendable {
    var method = "GET"
    var host = "a.example"
    /// The routing path.
    var path = "/"
    var query: String?
    var headers: [(name: String, value: String)] = []
    var peer = "192.0.2.1"

    var head: RequestHead {
        var head = RequestHead()
        var method = method
        head.method = method.withUTF8 { HTTPMethod(UnsafeRawBufferPointer($0)) }
        head.methodBytes = head.headers.store(method)
        head.setPath(path)
        head.setQuery(query)
        head.host = head.headers.store(host)
        for header in headers { head.headers.add(name: header.name, value: header.value) }
        return head
    }

    /// Calls `body` with the request in the form the matchers take.
    func with<Result>(_ body: (borrowing RequestHead, RuleSubject) -> Result) -> Result {
        let host = Array(host.utf8)
        let path = Array(path.utf8)
        let peer = IPAddress(peer) ?? IPAddress(v4: 0)
        return host.withUnsafeBytes { host in
            path.withUnsafeBytes { path in body(head, RuleSubject(host: host, path: path, peer: peer)) }
        }
    }

    func fulfils(_ rule: CompiledRule) -> Bool { with { rule.matches($0, $1) } }

    func fulfils(_ rule: String, _ syntax: RuleSyntax = .v3) throws -> Bool {
        fulfils(try CompiledRule(rule, syntax: syntax))
    }
}

/// A generator whose numbers are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
