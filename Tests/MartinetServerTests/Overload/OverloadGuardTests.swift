import Synchronization
import Testing

@testable import MartinetServer

@Suite struct OverloadGuardTests {
    private static let second: UInt64 = 1_000_000_000
    /// 100 clients, 200 connections.
    private static let budget = DescriptorBudget(limit: 232, own: 0)

    private final class Memory: Sendable {
        let percent = Atomic<Int>(0)
    }

    @Test func admitsALittleMoreThanTheBudgetSoThatRoomCanBeMade() {
        let guarded = OverloadGuard(budget: Self.budget)
        let admitted = (0..<200).count { _ in guarded.admit(isReserved: false, now: Self.second) }
        #expect(admitted == 100 + OverloadGuard.grace)
        #expect(guarded.level == .shut)
        #expect(guarded.clientConnections == admitted)
    }

    @Test func theOperatorGetsThrough() {
        let guarded = OverloadGuard(budget: Self.budget)
        while guarded.admit(isReserved: false, now: Self.second) {}
        let admitted = (0..<100).count { _ in guarded.admit(isReserved: true, now: Self.second) }
        #expect(admitted == OverloadGuard.reserved)
    }

    @Test func opensAgainWhenConnectionsHaveGone() {
        let guarded = OverloadGuard(budget: Self.budget)
        while guarded.admit(isReserved: false, now: Self.second) {}
        guarded.clientGone()
        #expect(guarded.admit(isReserved: false, now: Self.second))
        for _ in 0..<37 { guarded.clientGone() }
        guarded.measure(2 * Self.second)
        #expect(guarded.level == .calm)
    }

    @Test func clientsLeaveRoomForServers() {
        let guarded = OverloadGuard(budget: Self.budget)
        for _ in 0..<90 { _ = guarded.admit(isReserved: false, now: Self.second) }
        let taken = (0..<200).count { _ in guarded.takeServerConnection() }
        #expect(taken == 110)
        guarded.serverGone()
        #expect(guarded.takeServerConnection())
        #expect(!guarded.takeServerConnection())
    }

    @Test func withoutMemoryNobodyButTheOperatorGetsIn() {
        let guarded = OverloadGuard(budget: Self.budget) { 99 }
        #expect(!guarded.admit(isReserved: false, now: Self.second))
        #expect(guarded.admit(isReserved: true, now: Self.second))
        #expect(guarded.clientConnections == 1)
    }

    @Test func aShortageOfDescriptorsCountsForASecond() {
        let guarded = OverloadGuard(budget: Self.budget)
        guarded.noteShortage(now: 5 * Self.second)
        #expect(guarded.level == .closing)
        guarded.measure(5 * Self.second + Self.second / 2)
        #expect(guarded.level == .closing)
        guarded.measure(6 * Self.second + 1)
        #expect(guarded.level == .calm)
    }

    @Test func memoryIsLookedAtFourTimesASecondAtMost() {
        let memory = Memory()
        let guarded = OverloadGuard(budget: Self.budget) { memory.percent.add(1, ordering: .relaxed).newValue }
        for step in 1...40 { guarded.measure(Self.second + UInt64(step) * 50_000_000) }
        #expect(memory.percent.load(ordering: .relaxed) == 8)
    }

    @Test func withoutMemoryRequestsAreShed() {
        let memory = Memory()
        let guarded = OverloadGuard(budget: Self.budget) { memory.percent.load(ordering: .relaxed) }
        memory.percent.store(94, ordering: .relaxed)
        guarded.measure(Self.second)
        #expect(guarded.level == .closing)
        #expect(!guarded.shedsRequests)
        memory.percent.store(96, ordering: .relaxed)
        guarded.measure(2 * Self.second)
        #expect(guarded.shedsRequests)
        memory.percent.store(50, ordering: .relaxed)
        guarded.measure(3 * Self.second)
        #expect(guarded.level == .calm)
        #expect(!guarded.shedsRequests)
    }

    @Test func theAllocatorIsAskedNowAndThen() {
        let guarded = OverloadGuard(budget: Self.budget) { 90 }
        let asked = (1...20).count { guarded.measure(Self.second * (10 + UInt64($0))) }
        #expect(asked == 4)
    }
}
