#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// `hrw`: a client's requests all go to the candidate that scores highest for its address (highest random weight, also called
/// rendezvous hashing). Scores are Traefik's, so that both proxies send a client to the same server.
///
/// When one goes away only its own clients move, and they move back when it returns.
package final class RendezvousStrategy: BalancingStrategy {
    private let candidates: [Candidate]

    package init(candidates: [Candidate], seed: UInt64 = 0) {
        self.candidates = candidates
    }

    package func pick(client: String) -> Int? {
        var prefix = FNV1a()
        prefix.add(client)
        var best: Int?
        var highest = -1.0
        for index in candidates.indices where candidates[index].isAvailable {
            var hash = prefix
            hash.add(candidates[index].name)
            let score = Self.score(hash.value, weight: candidates[index].weight)
            if score > highest { (best, highest) = (index, score) }
        }
        return best
    }

    /// Weighted rendezvous score: `-weight / ln(hash / 2⁶⁴)`.
    private static func score(_ hash: UInt64, weight: Int) -> Double {
        guard hash > 0 else { return 0 }
        return Double(weight) / -log(Double(hash) / 0x1p64)
    }
}

/// FNV-1a, 64 bits.
package struct FNV1a: Sendable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package mutating func add(_ text: String) {
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }
}
