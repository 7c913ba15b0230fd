import MartinetCore
import MartinetServer
import Testing

@Suite struct OwnAddressesTests {
    private static let all: OwnAddresses = {
        var own = OwnAddresses(local: [IPAddress(v4: 0x0A00_0005)])
        own.listen(host: "", port: 80)
        own.listen(host: "10.0.0.7", port: 81)
        own.listen(host: "0.0.0.0", port: 82)
        own.listen(host: "::", port: 83)
        own.listen(host: "", port: 84)
        own.listen(host: "10.0.0.7", port: 84)
        own.listen(host: "", port: 0)
        return own
    }()

    @Test(arguments: [
        ("127.0.0.1", 80), ("127.1.2.3", 80), ("::1", 80), ("localhost", 80), ("LOCALHOST", 80), ("10.0.0.5", 80),
        ("0.0.0.0", 80), ("::ffff:127.0.0.1", 80), ("10.0.0.7", 81), ("127.0.0.1", 82), ("127.0.0.1", 83),
        ("127.0.0.1", 84),
    ])
    func entryPointsAreRecognised(_ host: String, _ port: UInt16) {
        #expect(Self.all.contains(host: host, port: port))
    }

    @Test(arguments: [
        ("127.0.0.1", 8080), ("10.0.0.9", 80), ("127.0.0.1", 81), ("10.0.0.5", 81), ("example.org", 80),
        ("127.0.0.1", 0),
    ])
    func othersAreNot(_ host: String, _ port: UInt16) {
        #expect(!Self.all.contains(host: host, port: port))
    }

    @Test func thisMachineHasALoopbackInterface() {
        #expect(OwnAddresses.ofInterfaces().contains { $0.isLoopback })
    }
}
