/// `p2c`: of two taken at random, the one with fewer requests under way. Weights play no part, but for those of zero.
///
/// One that comes back has nothing under way and wins whenever it is drawn, that is, gets at most two requests in so many as there
/// are candidates, until it has as much to do as the others.
package final class TwoChoicesStrategy: BalancingStrategy {
    private let candidates: [Candidate]
    private let numbers: ChoiceNumbers

    package init(candidates: [Candidate], seed: UInt64) {
        self.candidates = candidates
        numbers = ChoiceNumbers(seed: seed)
    }

    package var watchesRequests: Bool { true }

    package func pick(client: String) -> Int? {
        let available = candidates.count(where: \.isAvailable)
        guard available > 1 else { return candidates.firstIndex(where: \.isAvailable) }
        let first = numbers.next(below: available)
        var second = numbers.next(below: available - 1)
        if second >= first { second += 1 }
        guard let one = place(of: first), let other = place(of: second) else {
            // One went away between counting and choosing.
            return candidates.firstIndex(where: \.isAvailable)
        }
        return candidates[other].state.inFlight < candidates[one].state.inFlight ? other : one
    }

    /// Where the available one with that number stands.
    private func place(of number: Int) -> Int? {
        var left = number
        for index in candidates.indices where candidates[index].isAvailable {
            if left == 0 { return index }
            left -= 1
        }
        return nil
    }
}
