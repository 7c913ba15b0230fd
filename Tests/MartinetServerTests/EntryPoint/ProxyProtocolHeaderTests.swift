import MartinetCore
import MartinetServer
import Testing

@Suite struct ProxyProtocolHeaderTests {
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]

    private func read(_ bytes: some Collection<UInt8>) -> ProxyProtocolHeader.Reading {
        Array(bytes).withUnsafeBytes { ProxyProtocolHeader.read($0) }
    }

    private func source(_ text: String, _ port: UInt16) throws -> ProxyProtocolHeader.Source {
        .init(address: try #require(IPAddress(text)), port: port)
    }

    /// A version 2 header with these bytes behind its length.
    private func binary(_ command: UInt8, _ family: UInt8, _ rest: [UInt8], length: Int? = nil) -> [UInt8] {
        let length = length ?? rest.count
        return Self.signature + [command, family, UInt8(length >> 8), UInt8(length & 255)] + rest
    }

    // MARK: Version 1

    @Test(
        arguments: [
            ("PROXY TCP4 1.2.3.4 5.6.7.8 1000 80\r\n", "1.2.3.4", 1000),
            ("PROXY TCP4 1.2.3.4 5.6.7.8 0 65535\r\n", "1.2.3.4", 0),
            ("PROXY TCP6 2001:db8::1 ::2 65535 2\r\n", "2001:db8::1", 65535),
            ("PROXY TCP6 ::ffff:1.2.3.4 ::ffff:5.6.7.8 1 2\r\n", "1.2.3.4", 1),
            ("PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n", "1.2.3.4", 1),
        ] as [(String, String, UInt16)])
    func readsALine(_ line: String, _ address: String, _ port: UInt16) throws {
        let expected = try source(address, port)
        #expect(read((line + "GET / HTTP/1.1\r\n").utf8) == .header(source: expected, length: line.utf8.count))
        for length in 0..<line.utf8.count { #expect(read(line.utf8.prefix(length)) == .needsMore) }
    }

    @Test(arguments: ["PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 what ever\r\n"])
    func anUnknownProtocolNamesNobody(_ line: String) {
        #expect(read((line + "x").utf8) == .header(source: nil, length: line.utf8.count))
    }

    @Test(arguments: [
        "PROXY TCP4 1.2.3.4 5.6.7.8 1000 80\n", "PROXY TCP4 1.2.3.4 x\r\n", "PROXY  TCP4 1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY TCP4 ::1 ::1 1 2\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 65536 80\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 -1 80\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 01 80\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 +1 80\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n",
        "PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n",
        "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n", "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n", "PROXY \r\n", "PROXY \n",
        "PROXY unknown\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 \r\n",
    ])
    func refusesABadLine(_ line: String) {
        #expect(read(line.utf8) == .malformed)
    }

    @Test func aLineHasALimit() {
        let start = "PROXY UNKNOWN "
        let longest = start + String(repeating: "a", count: 107 - start.utf8.count - 2) + "\r\n"
        #expect(read(longest.utf8) == .header(source: nil, length: 107))
        #expect(read((start + String(repeating: "a", count: 106 - start.utf8.count)).utf8) == .needsMore)
        #expect(read((start + String(repeating: "a", count: 107 - start.utf8.count)).utf8) == .malformed)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "proxy TCP4 ", "PROXYING / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n", "\u{16}\u{3}\u{1}",
        "\r\nGET",
    ])
    func leavesOtherBytesAlone(_ text: String) {
        #expect(read(text.utf8) == .none)
    }

    // MARK: Version 2

    private static let v4: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 0x10, 0x01, 0, 2]
    private static let v6: [UInt8] =
        [0x20, 1] + [UInt8](repeating: 0, count: 13) + [1] + [UInt8](repeating: 0, count: 16) + [0, 5, 0, 6]

    @Test(
        arguments: [
            (0x11, v4, "1.2.3.4", 4097), (0x12, v4, "1.2.3.4", 4097), (0x11, v4 + [4, 0, 2, 1, 1], "1.2.3.4", 4097),
            (0x11, v4 + [4, 0xFF], "1.2.3.4", 4097), (0x21, v6, "2001::1", 5),
        ] as [(UInt8, [UInt8], String, UInt16)])
    func readsABinaryHeader(_ family: UInt8, _ rest: [UInt8], _ address: String, _ port: UInt16) throws {
        let header = binary(0x21, family, rest)
        let expected = try source(address, port)
        #expect(read(header + [0x16]) == .header(source: expected, length: header.count))
        for length in 0..<header.count { #expect(read(header.prefix(length)) == .needsMore) }
    }

    @Test(
        arguments: [
            (0x20, 0x00, []), (0x20, 0x11, v4), (0x20, 0x11, [1]), (0x21, 0x00, []), (0x21, 0x00, [1, 2, 3, 4]),
            (0x21, 0x31, [UInt8](repeating: 0x61, count: 216)),
        ] as [(UInt8, UInt8, [UInt8])])
    func aBinaryHeaderMayNameNobody(_ command: UInt8, _ family: UInt8, _ rest: [UInt8]) {
        let header = binary(command, family, rest)
        #expect(read(header + [1]) == .header(source: nil, length: header.count))
    }

    @Test(
        arguments: [
            (0x31, 0x11, v4), (0x11, 0x11, v4), (0x22, 0x11, v4), (0x21, 0x13, v4), (0x21, 0x41, v4),
            (0x21, 0x11, [1, 2, 3, 4]),
            (0x21, 0x21, v4), (0x21, 0x31, v4),
        ] as [(UInt8, UInt8, [UInt8])])
    func refusesABadBinaryHeader(_ command: UInt8, _ family: UInt8, _ rest: [UInt8]) {
        #expect(read(binary(command, family, rest)) == .malformed)
    }

    @Test func aBinaryHeaderHasALimit() {
        #expect(read(binary(0x21, 0x11, [], length: ProxyProtocolHeader.longest - 16)) == .needsMore)
        #expect(read(binary(0x21, 0x11, [], length: ProxyProtocolHeader.longest - 15)) == .malformed)
        #expect(read(binary(0x21, 0x11, [], length: 65535)) == .malformed)
    }

    // MARK: Anything

    /// Whatever comes, in pieces or whole: an answer stays, and no more is taken than there is.
    @Test func anAnswerDoesNotDependOnThePieces() {
        var random = SystemRandomNumberGenerator()
        let seeds =
            [
                "PROXY TCP4 1.2.3.4 5.6.7.8 1000 80\r\nGET", "PROXY TCP6 ::1 ::2 1 2\r\n", "PROXY UNKNOWN x\r\n",
            ].map { Array($0.utf8) } + [
                binary(0x21, 0x11, Self.v4), binary(0x21, 0x21, Self.v6 + [1, 0, 1, 1]), binary(0x20, 0, []),
            ]
        for _ in 0..<5000 {
            guard var bytes = seeds.randomElement(using: &random) else { return }
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(bytes[index], at: index)
                default: bytes = Array(bytes[..<index])
                }
            }
            let whole = read(bytes)
            if case .header(_, let length) = whole { #expect(length <= bytes.count) }
            for count in 0..<bytes.count {
                let part = read(bytes.prefix(count))
                if part != .needsMore { #expect(part == whole, "\(bytes)") }
            }
        }
    }
}
