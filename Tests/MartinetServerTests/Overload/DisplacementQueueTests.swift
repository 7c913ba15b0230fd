import Testing

@testable import MartinetServer

@Suite struct DisplacementQueueTests {
    private final class Thing {}
    private static let second: UInt64 = 1_000_000_000

    @Test func givesUpTheOneThatHasWaitedLongest() {
        let things = [Thing(), Thing(), Thing()]
        var queue = DisplacementQueue()
        queue.begin()
        for (thing, since) in zip(things, [5, 3, 4] as [UInt64]) {
            queue.offer(ObjectIdentifier(thing), .idle(since: since), now: 10)
        }
        #expect(queue.next()?.connection == ObjectIdentifier(things[1]))
        #expect(queue.next()?.connection == ObjectIdentifier(things[2]))
        #expect(queue.next()?.connection == ObjectIdentifier(things[0]))
        #expect(queue.next() == nil)
    }

    @Test func sparesTheBusyAndThoseThatHaveJustCome() {
        let things = [Thing(), Thing(), Thing()]
        var queue = DisplacementQueue()
        queue.begin()
        queue.offer(ObjectIdentifier(things[0]), .busy, now: 9 * Self.second)
        queue.offer(ObjectIdentifier(things[1]), .beginning(since: 8 * Self.second), now: 9 * Self.second)
        queue.offer(ObjectIdentifier(things[2]), .beginning(since: 7 * Self.second), now: 9 * Self.second)
        #expect(queue.next()?.connection == ObjectIdentifier(things[2]))
        #expect(queue.next() == nil)
    }

    @Test func takesThoseThatAreOverBeforeAnyThatWaits() {
        let things = [Thing(), Thing()]
        var queue = DisplacementQueue()
        queue.begin()
        queue.offer(ObjectIdentifier(things[0]), .idle(since: 1), now: 9 * Self.second)
        queue.offer(ObjectIdentifier(things[1]), .ending, now: 9 * Self.second)
        #expect(queue.next()?.connection == ObjectIdentifier(things[1]))
        #expect(queue.next()?.connection == ObjectIdentifier(things[0]))
    }

    @Test func keepsTheOldestOfMany() {
        let things = (0..<200).map { _ in Thing() }
        var queue = DisplacementQueue()
        queue.begin()
        for (index, thing) in things.enumerated() {
            queue.offer(ObjectIdentifier(thing), .idle(since: UInt64((index * 77) % 200)), now: 1000)
        }
        #expect(queue.found == DisplacementQueue.capacity)
        var found: [UInt64] = []
        while let candidate = queue.next() {
            if case .idle(let since) = candidate.use { found.append(since) }
        }
        #expect(found == (0..<UInt64(DisplacementQueue.capacity)).map { $0 })
    }
}
