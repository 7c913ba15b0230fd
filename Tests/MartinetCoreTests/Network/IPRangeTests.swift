import MartinetCore
import Testing

@Suite struct IPRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.9.9.9/8", "10.0.0.1", true),
        ("0.0.0.0/0", "1.2.3.4", true), ("0.0.0.0/0", "::1", false), ("::/0", "1.2.3.4", false),
        ("::/0", "2001::", true),
        ("::ffff:10.0.0.0/104", "10.1.1.1", true), ("10.0.0.1", "::ffff:10.0.0.1", true), ("::1/128", "::1", true),
    ])
    func holdsAddresses(range: String, address: String, expected: Bool) throws {
        let address = try #require(IPAddress(address))
        #expect(try #require(IPRange(range)).contains(address) == expected)
        #expect(try IPRangeSet([range]).contains(address) == expected)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8", "a/8", "10.0.0.0/8/8",
        "fe80::1%eth0",
    ])
    func refusesWhatIsNoBlock(text: String) {
        #expect(IPRange(text) == nil)
        #expect(throws: IPRangeError(text: text)) { try IPRangeSet([text]) }
    }

    @Test func setsAgreeWithTheirBlocks() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let ranges = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
                let third = UInt8.random(in: 0...9, using: &random)
                return Bool.random(using: &random)
                    ? IPRange("10.0.\(third).0/\(Int.random(in: 20...32, using: &random))")
                    : IPRange("2001:db8:\(third)::/\(Int.random(in: 30...64, using: &random))")
            }
            let set = IPRangeSet(ranges)
            for _ in 0..<50 {
                let third = UInt8.random(in: 0...12, using: &random)
                let text = Bool.random(using: &random) ? "10.0.\(third).\(third)" : "2001:db8:\(third)::1"
                guard let address = IPAddress(text) else { continue }
                #expect(set.contains(address) == ranges.contains { $0.contains(address) })
            }
        }
    }
}
