import Synchronization

/// `leasttime`: where an answer is to be expected soonest, that is, where the mean time to an answer, times the requests under way
/// and this one, divided by the weight, is least. Equals share by weight, each in its turn.
///
/// One of which no answer is known counts as fast as the mean of the others, so that one that is new is tried but not overrun
/// (Traefik counts it as answering at once and sends everything there until it does). One that comes back is known from before.
package final class LeastTimeStrategy: BalancingStrategy {
    /// When a candidate's last turn among equals was due. A turn of weight 1 takes 2²⁰, so that the clock never comes round.
    private final class Turn: Sendable {
        let due = Atomic<UInt64>(0)
        let length: UInt64

        init(weight: Int) { length = max(1, (1 << 20) / UInt64(max(1, weight))) }
    }

    private let candidates: [Candidate]
    private let turns: [Turn]
    /// When the last turn of all was due: nobody saves up turns while others are faster.
    private let clock = Atomic<UInt64>(0)

    package init(candidates: [Candidate], seed: UInt64 = 0) {
        self.candidates = candidates
        turns = candidates.map { Turn(weight: $0.weight) }
    }

    package var watchesRequests: Bool { true }

    package func pick(client: String) -> Int? {
        let unknown = meanOfKnown()
        let now = clock.load(ordering: .relaxed)
        var best: Int?
        var least = Double.infinity
        var soonest = UInt64.max
        for index in candidates.indices where candidates[index].isAvailable {
            let state = candidates[index].state
            let time = state.responseTimes?.mean ?? unknown
            let score = time * Double(1 + max(0, state.inFlight)) / Double(candidates[index].weight)
            let due = max(turns[index].due.load(ordering: .relaxed) &+ turns[index].length, now)
            if best == nil || score < least || (score == least && due < soonest) {
                (best, least, soonest) = (index, score, due)
            }
        }
        if let best {
            turns[best].due.store(soonest, ordering: .relaxed)
            clock.store(soonest, ordering: .relaxed)
        }
        return best
    }

    private func meanOfKnown() -> Double {
        var sum = 0.0
        var count = 0.0
        for candidate in candidates {
            guard candidate.isAvailable, let mean = candidate.state.responseTimes?.mean else { continue }
            sum += mean
            count += 1
        }
        return count > 0 ? sum / count : 0
    }
}
