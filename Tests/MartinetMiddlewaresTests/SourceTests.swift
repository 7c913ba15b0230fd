import MartinetConfig
import MartinetCore
import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetMiddlewares

/// Telling requests apart, and counting them.
@Suite struct SourceTests {
    // MARK: Addresses

    @Test(
        arguments: [
            (0, [], ["9.9.9.9"], "127.0.0.1"), (1, [], ["1.1.1.1, 2.2.2.2"], "2.2.2.2"),
            (2, [], ["1.1.1.1 ,2.2.2.2"], "1.1.1.1"),
            (3, [], ["1.1.1.1, 2.2.2.2"], nil), (1, [], [], nil), (2, [], ["1.1.1.1, 2.2.2.2", "3.3.3.3"], "2.2.2.2"),
            (3, [], ["1.1.1.1, 2.2.2.2", "3.3.3.3"], "1.1.1.1"), (1, [], ["1.1.1.1:80"], "1.1.1.1"),
            (1, [], ["[::1]:80"], "::1"),
            (1, [], ["unknown"], nil), (1, [], ["1.1.1.1,"], nil),
            (0, ["10.0.0.0/8"], ["1.1.1.1, 10.0.0.1"], "1.1.1.1"),
            (0, ["10.0.0.0/8"], ["1.1.1.1, , 10.0.0.1"], "1.1.1.1"),
            (0, ["10.0.0.0/8"], ["10.0.0.2", "10.0.0.1"], nil),
            (0, ["10.0.0.0/8"], ["1.1.1.1", "10.0.0.1"], "1.1.1.1"),
            (2, ["10.0.0.0/8"], ["1.1.1.1, 10.0.0.1"], "1.1.1.1"),
        ] as [(Int, [String], [String], String?)])
    func theAddressIsFound(_ depth: Int, _ excluded: [String], _ lines: [String], _ expected: String?) throws {
        var options = IPStrategyOptions()
        options.depth = depth
        options.excludedIPs = excluded
        let exchange = Exchange.get("/", lines.map { ("X-Forwarded-For", $0) })
        #expect(try IPStrategy(options, option: "x").address(exchange)?.description == expected)
    }

    @Test(arguments: [0, 129, -1]) func aSubnetHasOneTo128Bits(_ length: Int) {
        var options = IPStrategyOptions()
        options.ipv6Subnet = length
        #expect(throws: MiddlewareError.self) { try IPStrategy(options, option: "x") }
    }

    @Test func addressesOfASubnetAreOneSource() throws {
        var options = SourceCriterionOptions()
        options.ipStrategy = IPStrategyOptions()
        options.ipStrategy?.depth = 1
        options.ipStrategy?.ipv6Subnet = 64
        let criterion = try SourceCriterion(options, option: "x", defaultsToHost: false)
        func key(_ address: String) -> UInt64 { criterion.key(Exchange.get("/", [("X-Forwarded-For", address)])) }
        #expect(key("2001:db8::1") == key("2001:db8::ffff:2"))
        #expect(key("2001:db8::1") != key("2001:db8:0:1::1"))
        #expect(key("10.0.0.1") != key("10.0.0.2"))
    }

    @Test func headersAndHostsAreSources() throws {
        var options = SourceCriterionOptions()
        options.requestHeaderName = "x-team"
        let header = try SourceCriterion(options, option: "x", defaultsToHost: true)
        #expect(header.key(.get("/", [("X-Team", "red")])) == header.key(.get("/a", [("x-team", "red")])))
        #expect(header.key(.get("/", [("X-Team", "red")])) != header.key(.get("/", [("X-Team", "blue")])))
        #expect(header.key(.get("/")) == header.key(.get("/", [("X-Team", "")])))
        options.requestHost = true
        #expect(throws: MiddlewareError.self) { try SourceCriterion(options, option: "x", defaultsToHost: true) }
    }

    // MARK: Allow lists

    @Test(arguments: [("127.0.0.1", true), ("127.0.0.0/8", true), ("10.0.0.0/8", false)])
    func onlyListedAddressesPass(_ range: String, _ passes: Bool) throws {
        var options = IPAllowListOptions()
        options.sourceRange = [range]
        options.rejectStatusCode = 404
        let exchange = Exchange.get()
        #expect(try IPAllowList(options).request(exchange) == (passes ? .proceed : .respond))
        if !passes { #expect(exchange.response.status == 404) }
    }

    @Test func brokenAllowListsAreRefused() {
        #expect(throws: MiddlewareError.self) { try IPAllowList(IPAllowListOptions()) }
        var options = IPAllowListOptions()
        options.sourceRange = ["10.0.0.0/33"]
        #expect(throws: MiddlewareError.self) { try IPAllowList(options) }
        options.sourceRange = ["10.0.0.0/8"]
        options.rejectStatusCode = 299
        #expect(throws: MiddlewareError.self) { try IPAllowList(options) }
    }

    // MARK: Table

    @Test func everySourceHasAWordOfItsOwn() {
        let table = SourceTable()
        for round in 1...3 {
            for key in 1...10_000 {
                table.update(Self.key(key), idleUpTo: 0) { .store($0 + 1) }
            }
            var counts: Set<UInt64> = []
            for key in 1...10_000 {
                table.update(Self.key(key), idleUpTo: 0) { word in
                    counts.insert(word)
                    return .leave
                }
            }
            #expect(counts == [UInt64(round)])
        }
    }

    /// All but the highest bits of a hash may be the same by chance.
    @Test func sourcesWithLikeHashesAllHaveAPlace() {
        let table = SourceTable()
        let keys = (1...64).map { UInt64($0) << 40 }
        for _ in 1...3 {
            for key in keys { #expect(table.update(key, idleUpTo: 0) { .store($0 + 1) } != nil) }
        }
        for key in keys {
            table.update(key, idleUpTo: 0) { word in
                #expect(word == 3)
                return .leave
            }
        }
    }

    @Test func aFullTableTakesNoMoreUnlessSomeoneGoes() {
        let table = SourceTable()
        var entered = 0
        for key in 1...(2 * SourceTable.capacity)
        where table.update(Self.key(key), idleUpTo: 0, change: { .store($0 + 1) }) != nil { entered += 1 }
        #expect(entered <= SourceTable.capacity)
        #expect(entered > SourceTable.capacity / 2)
        let refused = (1...(2 * SourceTable.capacity)).first {
            table.update(Self.key($0), idleUpTo: 0, change: { _ in .leave }) == nil
        }
        let key = Self.key(refused ?? 0)
        #expect(table.update(key, idleUpTo: 0, evicts: true, change: { .store($0 + 1) }) != nil)
    }

    @Test func idleSourcesMakeRoom() {
        let table = SourceTable()
        for key in 1...(4 * SourceTable.capacity) {
            let index = table.update(Self.key(key), idleUpTo: 0) { .store($0 + 1) }
            #expect(index != nil)
            if let index { table.decrement(index) }
        }
    }

    @Test func countsAreExactHoweverManyCountAtOnce() async {
        let table = SourceTable()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for number in 0..<20_000 {
                        table.update(Self.key(number % 500 + 1), idleUpTo: 0) { .store($0 + 1) }
                    }
                }
            }
        }
        var total: UInt64 = 0
        for key in 1...500 {
            table.update(Self.key(key), idleUpTo: 0) { word in
                total += word
                return .leave
            }
        }
        #expect(total == 160_000)
    }

    private static func key(_ number: Int) -> UInt64 {
        withUnsafeBytes(of: number) { SourceKey.make($0) }
    }

    // MARK: In flight

    @Test func requestsCountUntilTheyAreFinished() throws {
        var options = InFlightReqOptions()
        options.amount = 2
        let middleware = try InFlightReq(options)
        let exchanges = (0..<3).map { _ in Exchange.get() }
        #expect(middleware.request(exchanges[0]) == .proceed)
        #expect(middleware.request(exchanges[1]) == .proceed)
        #expect(middleware.request(exchanges[2]) == .respond)
        #expect(exchanges[2].response.status == 429)
        #expect(String(buffer: exchanges[2].localBody) == "max connections reached: 2")
        // A refused request gives nothing back, and another attempt takes nothing more.
        middleware.finished(exchanges[2])
        #expect(middleware.request(exchanges[0]) == .proceed)
        #expect(middleware.request(exchanges[2]) == .respond)
        middleware.finished(exchanges[0])
        middleware.finished(exchanges[0])
        #expect(middleware.request(exchanges[2]) == .proceed)
        #expect(middleware.request(Exchange.get()) == .respond)
    }

    @Test func aFreshOneCountsForItself() throws {
        var options = InFlightReqOptions()
        options.amount = 1
        let middleware = try InFlightReq(options)
        #expect(middleware.request(Exchange.get()) == .proceed)
        #expect(middleware.fresh().request(Exchange.get()) == .proceed)
        #expect(middleware.request(Exchange.get()) == .respond)
    }
}
