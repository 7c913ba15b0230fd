import Testing

@testable import MartinetServer

@Suite struct IdlePoolTests {
    private final class Connection {}

    @Test func theConnectionFreedLastIsLeasedFirst() {
        var pool = IdlePool<Connection>(capacity: 4, timeout: 0)
        let (first, second) = (Connection(), Connection())
        #expect(pool.release(first, now: 1) == .keep)
        #expect(pool.release(second, now: 2) == .keep)
        guard case .reuse(let leased) = pool.lease(fresh: false) else {
            Issue.record("a free connection was not used")
            return
        }
        #expect(leased === second)
    }

    @Test func aFreshLeaseLeavesTheFreeOnesAlone() {
        var pool = IdlePool<Connection>(capacity: 4, timeout: 0)
        _ = pool.release(Connection(), now: 1)
        guard case .connect = pool.lease(fresh: true) else {
            Issue.record("a used connection was leased")
            return
        }
        #expect(pool.idleCount == 1)
    }

    @Test func beyondItsCapacityConnectionsAreClosed() {
        var pool = IdlePool<Connection>(capacity: 1, timeout: 0)
        #expect(pool.release(Connection(), now: 1) == .keep)
        #expect(pool.release(Connection(), now: 1) == .close)
        var none = IdlePool<Connection>(capacity: 0, timeout: 0)
        #expect(none.release(Connection(), now: 1) == .close)
    }

    @Test func onlyTheOldOnesExpire() {
        var pool = IdlePool<Connection>(capacity: 4, timeout: 10)
        let (old, young) = (Connection(), Connection())
        _ = pool.release(old, now: 0)
        _ = pool.release(young, now: 5)
        #expect(pool.expire(now: 9).isEmpty)
        let expired = pool.expire(now: 10)
        #expect(expired.count == 1 && expired.first === old)
        #expect(pool.idleCount == 1)
    }

    @Test func aConnectionThatDiedIsForgotten() {
        var pool = IdlePool<Connection>(capacity: 4, timeout: 0)
        let connection = Connection()
        _ = pool.release(connection, now: 0)
        pool.remove(connection)
        #expect(pool.idleCount == 0)
    }
}
