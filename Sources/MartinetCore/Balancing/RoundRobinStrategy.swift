/// `wrr`: each in its turn, as often as its weight says (``RoundRobinSchedule``).
///
/// The turns of a candidate that is away pass on to whoever comes next in the order, so that the others share them by weight; when
/// it comes back it gets its turns again, and no more than these.
package final class RoundRobinStrategy: BalancingStrategy {
    private let candidates: [Candidate]
    private let schedule: RoundRobinSchedule

    package init(candidates: [Candidate], seed: UInt64 = 0) {
        self.candidates = candidates
        schedule = RoundRobinSchedule(weights: candidates.map { $0.isFenced ? 0 : $0.weight })
    }

    package func pick(client: String) -> Int? {
        guard let first = schedule.next() else { return nil }
        return candidates[first].isAvailable ? first : skip()
    }

    @inline(never)
    private func skip() -> Int? {
        guard let any = candidates.firstIndex(where: \.isAvailable) else { return nil }
        for _ in schedule.turns {
            if let next = schedule.next(), candidates[next].isAvailable { return next }
        }
        // Other threads took all of its turns.
        return any
    }
}
