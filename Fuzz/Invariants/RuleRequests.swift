import MartinetCore
import MartinetHTTP
import NIOCore

/// Requests made of a rule's own words, so that some fulfil it.
struct RuleRequests {
    private var random: SplitMix
    private let words: [String]

    init(seed: SplitMix, words: [String]) {
        random = seed
        self.words = words + ["a.example", "/", "/a/b", "k=v", "GET", "x-a", "1"]
    }

    mutating func next() -> RuleRequest {
        RuleRequest(
            method: word(),
            host: word(),
            path: "/" + word().drop { $0 == "/" },
            query: Bool.random(using: &random) ? word() + "=" + word() : nil,
            headers: [(word(), word()), (word(), word())],
            peer: IPAddress(word()) ?? IPAddress(v4: UInt32.random(in: 0...UInt32.max, using: &random))
        )
    }

    private mutating func word() -> String { words.randomElement(using: &random) ?? "" }
}
