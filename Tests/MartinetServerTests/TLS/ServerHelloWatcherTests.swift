import Testing

@testable import MartinetServer

@Suite struct ServerHelloWatcherTests {
    /// A record with a ServerHello that has a session of so many bytes, up to its suite.
    private func hello(session: Int, suite: [UInt8] = [0x13, 0x01]) -> [UInt8] {
        [22, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3] + [UInt8](repeating: 7, count: 32) + [UInt8(session)]
            + [UInt8](repeating: 8, count: session) + suite
    }

    @Test(arguments: [0, 1, 32]) func findsTheSuiteBehindTheSession(_ length: Int) {
        let bytes = hello(session: length)
        #expect(bytes.withUnsafeBytes { ServerHelloWatcher.suite(in: $0) } == 0x1301)
        for count in 0..<bytes.count {
            #expect(bytes.prefix(count).withUnsafeBytes { ServerHelloWatcher.suite(in: $0) } == nil)
        }
    }

    @Test(arguments: [0: 21, 5: 1] as [Int: UInt8]) func otherRecordsHaveNone(_ place: Int, _ byte: UInt8) {
        var bytes = hello(session: 0)
        bytes[place] = byte
        #expect(bytes.withUnsafeBytes { ServerHelloWatcher.suite(in: $0) } == nil)
    }

    /// Whoever can be chosen has a name in the log, too.
    @Test func everySuiteOfTheOptionsHasItsName() {
        let numbers: [UInt16] = [
            0x000A, 0x002F, 0x0035, 0x009C, 0x009D, 0xC009, 0xC00A, 0xC013, 0xC014, 0xC023, 0xC027, 0xC02B, 0xC02C,
            0xC02F,
            0xC030, 0xCCA8, 0xCCA9,
        ]
        let names = Set(numbers.map { "\(CipherSuite.name(of: $0))" })
        #expect(names == Set(CipherSuite.all.filter { $0.support == .selectable }.map(\.name)))
        #expect("\(CipherSuite.name(of: 0x1303))" == "TLS_CHACHA20_POLY1305_SHA256")
        #expect("\(CipherSuite.name(of: 1))" == "unknown")
    }
}
