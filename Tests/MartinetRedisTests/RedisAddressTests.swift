import NIOCore
import Testing

@testable import MartinetRedis

@Suite struct RedisAddressTests {
    @Test(arguments: [
        ("127.0.0.1:6380", "127.0.0.1:6380"), ("redis.test", "redis.test:6379"), (":6380", "localhost:6380"),
        ("[::1]:6380", "[::1]:6380"), ("[::1]", "[::1]:6379"), ("::1", nil), ("a:0", nil), ("a:65536", nil),
        ("a:x", nil), ("redis://a:1", nil), ("a b:1", nil), ("a/b:1", nil), ("", "localhost:6379"),
    ])
    func readsHostAndPort(_ text: String, _ expected: String?) {
        #expect(RedisAddress(text)?.description == expected)
    }

    /// Slots as `CLUSTER KEYSLOT` gives them.
    @Test(arguments: [
        ("", 0), ("a", 15495), ("foo", 12182), ("123456789", 12739), ("{a}b", 15495), ("x{a}{b}", 15495),
        ("{}a", 10875), ("{{a}}", 10276), ("foo{", 7673),
    ])
    func slotsAreThoseOfTheServer(_ key: String, _ slot: UInt16) {
        #expect(RedisSlot.of(Array(key.utf8)) == slot)
    }

    @Test(arguments: [
        ("MOVED 3999 10.0.0.1:6381", "3999 10.0.0.1:6381 true"), ("ASK 3999 10.0.0.1:6381", "3999 10.0.0.1:6381 false"),
        ("MOVED 1 :6381", "1 asked:6381 true"), ("MOVED 1 ?:6381", "1 asked:6381 true"),
        ("MOVED 1 ::1:6381", "1 [::1]:6381 true"), ("MOVED 16384 a:1", nil), ("MOVED -1 a:1", nil), ("MOVED 1 a", nil),
        ("MOVED 1 a:0", nil), ("MOVED 1 a:99999", nil), ("MOVED", nil), ("ERR 1 a:1", nil), ("", nil),
    ])
    func redirectionsAreRead(_ error: String, _ expected: String?) {
        let found = RedisRedirection(error, from: RedisAddress(host: "asked", port: 1))
        #expect(found.map { "\($0.slot) \($0.address) \($0.isLasting)" } == expected)
    }

    @Test func pausesGrowToASecond() {
        var backoff = RedisBackoff()
        let pauses = (0..<12).map { _ in backoff.next().nanoseconds }
        #expect(pauses.allSatisfy { $0 >= 12_500_000 && $0 <= 1_000_000_000 })
        #expect(pauses[0] <= 25_000_000)
        #expect(pauses[11] >= 500_000_000)
        backoff.reset()
        #expect(backoff.next().nanoseconds <= 25_000_000)
    }
}
