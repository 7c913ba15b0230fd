import Synchronization

/// Weighted round robin, laid out in advance: who serves the first request, the second, and so on, over and over.
///
/// The order is that of earliest deadline first: each candidate's next turn is due `1 / weight` after its last one, and whoever
/// is due first comes next, so that the turns of a heavy candidate are spread out instead of bunched. One counter, shared by
/// all event loops, walks the table: shares are exact over the whole process, and no lock is taken.
package final class RoundRobinSchedule: Sendable {
    /// Longest table. Weights whose sum, after division by what they have in common, is greater are scaled down to it.
    package static let maximumLength = 65_536

    /// Indexes of the candidates in the order of their turns.
    package let turns: [Int]
    private let position = Atomic<Int>(0)

    /// - Parameter weights: one a candidate; candidates of weight zero or less get no turn.
    package init(weights: [Int]) {
        turns = Self.layOut(Self.reduce(weights))
    }

    /// Whether there is no candidate to pick.
    package var isEmpty: Bool { turns.isEmpty }

    /// The candidate whose turn it is; nil when there is none. Any thread.
    package func next() -> Int? {
        switch turns.count {
        case 0: return nil
        case 1: return turns[0]
        default:
            let ticket = position.wrappingAdd(1, ordering: .relaxed).oldValue
            // The counter may wrap round after 2⁶⁴ picks: as an unsigned number it stays a valid ticket.
            return turns[Int(UInt(bitPattern: ticket) % UInt(turns.count))]
        }
    }

    /// Divides `weights` by their greatest common divisor, then scales them until their sum fits the table. A candidate with
    /// some weight keeps at least one turn.
    static func reduce(_ weights: [Int]) -> [Int] {
        let positive = weights.map { max(0, $0) }
        let divisor = positive.reduce(0, greatestCommonDivisor)
        guard divisor > 0 else { return positive }
        let reduced = positive.map { $0 / divisor }
        let total = reduced.reduce(0.0) { $0 + Double($1) }
        guard total > Double(maximumLength) else { return reduced }
        let candidates = reduced.count { $0 > 0 }
        // Rounding up to one turn each must not make the table longer than it may be.
        let room = Double(max(candidates, maximumLength - candidates))
        let scaled = reduced.map { $0 == 0 ? 0 : max(1, Int(Double($0) / total * room)) }
        let common = scaled.reduce(0, greatestCommonDivisor)
        return scaled.map { $0 / max(1, common) }
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    /// Earliest deadline first. Turn `k` (from 0) of a candidate of weight `w` is due at `(k + 1) / w`; equal deadlines are
    /// settled by place. Deadlines are compared as fractions, in integers, so that the order is exact.
    private static func layOut(_ weights: [Int]) -> [Int] {
        let candidates = weights.indices.filter { weights[$0] > 0 }
        guard let first = candidates.first else { return [] }
        guard candidates.contains(where: { weights[$0] != weights[first] }) else { return candidates }
        var turns: [(turn: Int, weight: Int, candidate: Int)] = []
        for candidate in candidates {
            for turn in 1...weights[candidate] { turns.append((turn, weights[candidate], candidate)) }
        }
        turns.sort { a, b in
            // Both factors are at most 65,536: no overflow.
            let left = a.turn * b.weight
            let right = b.turn * a.weight
            return left == right ? a.candidate < b.candidate : left < right
        }
        return turns.map(\.candidate)
    }
}
