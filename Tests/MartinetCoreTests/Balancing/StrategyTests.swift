import MartinetCore
import Testing

/// What is particular to each strategy.
@Suite struct StrategyTests {
    @Test func roundRobinSharesTheTurnsOfWhoIsAwayByWeight() {
        let candidates = BalancerSuite.candidates([2, 1, 1])
        let strategy = RoundRobinStrategy(candidates: candidates)
        candidates[1].state.set(isUp: false)
        #expect(BalancerSuite.picks(strategy, 300, of: 3) == [200, 0, 100])
    }

    @Test func roundRobinIsExact() {
        let strategy = RoundRobinStrategy(candidates: BalancerSuite.candidates([3, 1, 6]))
        #expect(BalancerSuite.picks(strategy, 1000, of: 3) == [300, 100, 600])
    }

    /// Chi-square with 4 degrees of freedom: 18.47 is exceeded once in a thousand times, and never by these seeds.
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func twoChoicesSpreadsIdleCandidatesEvenly(seed: UInt64) {
        let strategy = TwoChoicesStrategy(candidates: BalancerSuite.candidates([1, 1, 1, 1, 1]), seed: seed)
        let counts = BalancerSuite.picks(strategy, 5000, of: 5)
        let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - 1000) * (Double($1) - 1000) / 1000 }
        #expect(chiSquare < 18.47)
    }

    @Test func twoChoicesPrefersTheOneWithLessToDo() {
        let candidates = BalancerSuite.candidates([1, 1])
        candidates[0].state.begin()
        let strategy = TwoChoicesStrategy(candidates: candidates, seed: 1)
        #expect(BalancerSuite.picks(strategy, 100, of: 2) == [0, 100])
        candidates[0].state.end()
        candidates[1].state.begin()
        #expect(BalancerSuite.picks(strategy, 100, of: 2) == [100, 0])
    }

    @Test func rendezvousKeepsClientsInPlace() {
        let candidates = BalancerSuite.candidates([1, 1, 1, 1])
        let strategy = RendezvousStrategy(candidates: candidates)
        let clients = (0..<400).map { "198.51.100.\($0)" }
        let before = clients.map { strategy.pick(client: $0) }
        #expect(clients.map { strategy.pick(client: $0) } == before)
        candidates[2].state.set(isUp: false)
        let during = clients.map { strategy.pick(client: $0) }
        #expect(zip(before, during).allSatisfy { $0 == 2 ? $1 != 2 : $0 == $1 })
        candidates[2].state.set(isUp: true)
        #expect(clients.map { strategy.pick(client: $0) } == before)
    }

    /// Reckoned by the formula Traefik uses, for the clients 192.0.2.1 to 192.0.2.12.
    @Test(
        arguments: [
            ([1, 1, 1, 1], [3, 3, 3, 2, 3, 2, 0, 3, 3, 2, 0, 3]),
            ([1, 2, 3, 4], [3, 3, 3, 2, 3, 2, 2, 3, 3, 2, 0, 3]),
        ] as [([Int], [Int])])
    func rendezvousChoosesWhatTraefikDoes(weights: [Int], expected: [Int]) {
        let strategy = RendezvousStrategy(candidates: BalancerSuite.candidates(weights))
        #expect((1...12).map { strategy.pick(client: "192.0.2.\($0)") } == expected)
    }

    /// Not exactly: hashes of addresses that differ in few bits are not evenly spread, and they are Traefik's.
    @Test func rendezvousFollowsWeights() {
        let strategy = RendezvousStrategy(candidates: BalancerSuite.candidates([1, 3]))
        let counts = BalancerSuite.picks(strategy, 4000, of: 2)
        #expect(counts[1] > 2400 && counts[1] < 3600)
    }

    @Test func leastTimePrefersWhoAnswersSooner() {
        let candidates = BalancerSuite.candidates([1, 1])
        for _ in 0..<100 { candidates[0].state.responseTimes?.record(nanoseconds: 90_000_000) }
        for _ in 0..<100 { candidates[1].state.responseTimes?.record(nanoseconds: 10_000_000) }
        let strategy = LeastTimeStrategy(candidates: candidates)
        #expect(BalancerSuite.picks(strategy, 20, of: 2) == [0, 20])
        // Nine at once would make it as slow as the other.
        for _ in 0..<9 { candidates[1].state.begin() }
        #expect(strategy.pick(client: "") == 0)
    }

    @Test func leastTimeSharesEqualsByWeight() {
        let strategy = LeastTimeStrategy(candidates: BalancerSuite.candidates([3, 1]))
        #expect(BalancerSuite.picks(strategy, 400, of: 2) == [300, 100])
    }

    @Test func leastTimeDoesNotOverrunAServerOfWhichItKnowsNothing() {
        let candidates = BalancerSuite.candidates([1, 1, 1])
        for index in 0..<2 { candidates[index].state.responseTimes?.record(nanoseconds: 20_000_000) }
        let strategy = LeastTimeStrategy(candidates: candidates)
        var picks: [Int] = []
        for _ in 0..<9 {
            guard let pick = strategy.pick(client: "") else { continue }
            candidates[pick].state.begin()
            picks.append(pick)
        }
        #expect(picks.sorted() == [0, 0, 0, 1, 1, 1, 2, 2, 2])
    }

    @Test func leastTimeDoesNotLetSlowOnesSaveUpTurns() {
        let candidates = BalancerSuite.candidates([1, 1])
        let strategy = LeastTimeStrategy(candidates: candidates)
        candidates[1].state.set(isUp: false)
        for _ in 0..<1000 { _ = strategy.pick(client: "") }
        candidates[1].state.set(isUp: true)
        #expect(BalancerSuite.picks(strategy, 10, of: 2) == [5, 5])
    }

    @Test func aMeanIsThatOfTheLastHundredAnswersInWholeMilliseconds() {
        let times = ResponseTimes()
        #expect(times.mean == nil)
        times.record(nanoseconds: 999_999)
        #expect(times.mean == 0)
        for _ in 0..<50 { times.record(nanoseconds: 10_500_000) }
        #expect(times.mean == 500.0 / 51)
        for _ in 0..<100 { times.record(nanoseconds: 7_000_000) }
        #expect(times.mean == 7)
    }

    @Test(
        arguments: [
            (1, [0], [true]),
            (3, [0, 1, 2, 3], [false, false, true, true]),
            (2, [0, 100, 105, 300, 309], [false, false, true, false, true]),
        ] as [(Int, [UInt64], [Bool])])
    func failuresCloseToEachOtherAreTooMany(attempts: Int, times: [UInt64], expected: [Bool]) {
        let window = FailureWindow(attempts: attempts, window: 10)
        #expect(times.map { window.failed(now: $0) } == expected)
    }

    @Test func aSuccessMakesEarlierFailuresNotCount() {
        let window = FailureWindow(attempts: 2, window: 1000)
        #expect(!window.failed(now: 1))
        window.succeeded()
        #expect(!window.failed(now: 2))
        #expect(window.failed(now: 3))
    }

    @Test func aBarredCandidateIsUpAgainWhenItsTimeIsOver() {
        let state = CandidateState()
        state.bar(until: .max)
        #expect(!state.isUp)
        state.bar(until: 1)
        #expect(state.isUp)
    }
}
