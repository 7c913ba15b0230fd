import MartinetCore
import Testing

@Suite struct RoundRobinScheduleTests {
    @Test(
        arguments: [
            ([], []),
            ([0, -3], []),
            ([1], [0]),
            ([1, 1, 1], [0, 1, 2]),
            ([4, 4], [0, 1]),
            ([3, 1], [0, 0, 0, 1]),
            ([2, 4], [1, 0, 1]),
            ([0, 2, 1], [1, 1, 2]),
            ([5, 1, 1], [0, 0, 0, 0, 0, 1, 2]),
        ] as [([Int], [Int])])
    func laysTurnsOutByDeadline(weights: [Int], turns: [Int]) {
        #expect(RoundRobinSchedule(weights: weights).turns == turns)
    }

    @Test(arguments: [[3, 1], [7, 2, 5], [100, 1], [12, 18, 30], [1, 0, 9]])
    func givesEachCandidateExactlyItsShare(weights: [Int]) {
        let schedule = RoundRobinSchedule(weights: weights)
        let rounds = 20
        var counts = [Int](repeating: 0, count: weights.count)
        for _ in 0..<(schedule.turns.count * rounds) {
            if let pick = schedule.next() { counts[pick] += 1 }
        }
        let total = weights.reduce(0, +)
        for (index, weight) in weights.enumerated() {
            #expect(counts[index] * total == weight * schedule.turns.count * rounds)
        }
    }

    @Test(arguments: [[Int.max, Int.max - 1, 1], [1_000_003, 999_983], [Int.max, 0, 1]])
    func scalesHugeWeightsWithoutStarvingAnyone(weights: [Int]) {
        let schedule = RoundRobinSchedule(weights: weights)
        #expect(schedule.turns.count <= RoundRobinSchedule.maximumLength)
        for (index, weight) in weights.enumerated() { #expect(schedule.turns.contains(index) == (weight > 0)) }
    }

    @Test func manyThreadsTogetherGetExactShares() async {
        let schedule = RoundRobinSchedule(weights: [3, 1])
        let counts = await withTaskGroup(of: [Int].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var counts = [0, 0]
                    for _ in 0..<1000 { if let pick = schedule.next() { counts[pick] += 1 } }
                    return counts
                }
            }
            return await group.reduce(into: [0, 0]) { sum, part in
                sum[0] += part[0]
                sum[1] += part[1]
            }
        }
        #expect(counts == [6000, 2000])
    }
}
