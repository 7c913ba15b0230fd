import MartinetCore
import NIOCore
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("::ffff:10.0.0.1", "10.0.0.1"), ("::ffff:a00:1", "10.0.0.1"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
        ("fe80::1%eth0", "fe80::1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("ffff::", "ffff::"),
        ("1:2:3:4:5:6::8", "1:2:3:4:5:6:0:8"),
    ])
    func readsAndWritesAddresses(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        var buffer = ByteBuffer()
        #expect(address.write(to: &buffer) == canonical.utf8.count)
        #expect(String(buffer: buffer) == canonical)
        #expect(IPAddress(canonical) == address)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.", "1..2.3", ":", ":1", "1:", ":::", "1::2::3",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::1.2.3", "::1%", "g::", "1:2:3:4:5:6:7::8", "[::1]",
        " 1.2.3.4",
        "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5", "1:2:3:4:5:6:7:8::",
    ])
    func refusesWhatIsNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        arguments: [
            ("10.1.1.1:80", "10.1.1.1"), ("10.1.1.1", "10.1.1.1"), ("[::1]:80", "::1"), ("[::1]", "::1"),
            ("::1", "::1"),
            ("[fe80::1%eth0]:80", "fe80::1"), ("[::1", nil), ("[::1]x", nil), (":80", nil),
        ] as [(String, String?)]
    )
    func dropsPorts(text: String, expected: String?) {
        let bytes = Array(text.utf8)
        #expect(bytes.withUnsafeBytes { IPAddress(withOptionalPort: $0) }?.description == expected)
    }

    @Test func mappedAddressesAreIPv4() {
        #expect(IPAddress("::ffff:192.0.2.1") == IPAddress("192.0.2.1"))
        #expect(IPAddress("192.0.2.1")?.v4 == 0xC000_0201)
        #expect(IPAddress("::1")?.v4 == nil)
        #expect(IPAddress("192.0.2.77")?.masked(to: 24) == IPAddress("192.0.2.0"))
        #expect(IPAddress("2001:db8:1::5")?.masked(to: 32) == IPAddress("2001:db8::"))
    }
}
