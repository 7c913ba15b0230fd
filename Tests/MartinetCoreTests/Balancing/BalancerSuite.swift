import MartinetCore
import Testing

/// What holds for every strategy.
@Suite struct BalancerSuite {
    enum Kind: String, CaseIterable, Sendable {
        case wrr, p2c, hrw, leasttime

        func make(_ candidates: [Candidate], seed: UInt64 = 1) -> any BalancingStrategy {
            switch self {
            case .wrr: RoundRobinStrategy(candidates: candidates, seed: seed)
            case .p2c: TwoChoicesStrategy(candidates: candidates, seed: seed)
            case .hrw: RendezvousStrategy(candidates: candidates, seed: seed)
            case .leasttime: LeastTimeStrategy(candidates: candidates, seed: seed)
            }
        }
    }

    /// Candidates of these weights, each with a state of its own.
    static func candidates(_ weights: [Int], fenced: Set<Int> = []) -> [Candidate] {
        weights.enumerated().map { index, weight in
            Candidate(
                name: "http://10.0.0.\(index):80", weight: weight, isFenced: fenced.contains(index),
                state: CandidateState(responseTimes: ResponseTimes()))
        }
    }

    /// How often each candidate is picked in so many picks, by clients of different addresses.
    static func picks(_ strategy: any BalancingStrategy, _ count: Int, of size: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: size)
        for number in 0..<count {
            if let pick = strategy.pick(client: "192.0.\(number / 250).\(number % 250)") { counts[pick] += 1 }
        }
        return counts
    }

    @Test(arguments: Kind.allCases)
    func picksNobodyWhenThereIsNobody(kind: Kind) {
        #expect(kind.make([]).pick(client: "192.0.2.1") == nil)
        #expect(kind.make(Self.candidates([0, 0])).pick(client: "192.0.2.1") == nil)
        #expect(kind.make(Self.candidates([1, 1], fenced: [0, 1])).pick(client: "192.0.2.1") == nil)
        let down = Self.candidates([1, 2])
        for candidate in down { candidate.state.set(isUp: false) }
        #expect(kind.make(down).pick(client: "192.0.2.1") == nil)
    }

    @Test(arguments: Kind.allCases)
    func picksTheOnlyOne(kind: Kind) {
        #expect(Self.picks(kind.make(Self.candidates([0, 7, 0])), 50, of: 3) == [0, 50, 0])
    }

    @Test(arguments: Kind.allCases)
    func usesEveryCandidate(kind: Kind) {
        let counts = Self.picks(kind.make(Self.candidates([1, 1, 1])), 300, of: 3)
        #expect(counts.allSatisfy { $0 > 50 })
        #expect(counts.reduce(0, +) == 300)
    }

    @Test(arguments: Kind.allCases)
    func sparesWhoIsFencedDownOrWithoutWeight(kind: Kind) {
        let candidates = Self.candidates([1, 1, 1, 0, 1], fenced: [1])
        candidates[2].state.set(isUp: false)
        let counts = Self.picks(kind.make(candidates), 300, of: 5)
        #expect(counts[1] + counts[2] + counts[3] == 0)
        #expect(counts[0] > 75 && counts[4] > 75)
    }

    @Test(arguments: Kind.allCases)
    func takesUpWhoComesBackWithoutOverrunningIt(kind: Kind) {
        let candidates = Self.candidates([1, 1, 1])
        let strategy = kind.make(candidates)
        candidates[0].state.set(isUp: false)
        #expect(Self.picks(strategy, 300, of: 3)[0] == 0)
        candidates[0].state.set(isUp: true)
        let counts = Self.picks(strategy, 300, of: 3)
        #expect(counts[0] > 50 && counts[0] < 150)
    }

    @Test(arguments: Kind.allCases)
    func manyThreadsAtOnceGetSomebodyAlways(kind: Kind) async {
        let candidates = Self.candidates([1, 2, 3, 4])
        let strategy = kind.make(candidates)
        let total = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var picked = 0
                    for round in 0..<500 {
                        // One of them comes and goes all the time.
                        if task == 0 { candidates[round % 3].state.set(isUp: round % 2 == 0) }
                        if strategy.pick(client: "192.0.2.\(round % 200)") != nil { picked += 1 }
                    }
                    return picked
                }
            }
            return await group.reduce(0, +)
        }
        #expect(total == 4000)
    }
}
