import MartinetServer
import NIOCore
import Testing

@Suite struct ClientHelloReaderTests {
    private func read(_ bytes: [UInt8]) -> ClientHelloReader.Step {
        var reader = ClientHelloReader()
        return reader.read(ByteBuffer(bytes: bytes))
    }

    private func hello(_ step: ClientHelloReader.Step) -> ClientHello? {
        if case .hello(let hello) = step { return hello }
        return nil
    }

    @Test func readsWhatALibrarySends() throws {
        let found = hello(read(try HelloBytes.made(for: "Shop.Example")))
        #expect(found?.serverName == "shop.example")
        #expect(found?.protocols == ["h2", "http/1.1"])
        #expect(found?.abilities.isSuperset(of: [.rsa, .ecdsaP256, .ecdsaP384]) == true)
        let nameless = hello(read(try HelloBytes.made(for: nil, protocols: [])))
        #expect(nameless != nil && nameless?.serverName == nil && nameless?.protocols == nil)
    }

    @Test(arguments: [1, 2, 3, 7, 64, 1000])
    func findsTheNameHoweverTheHelloIsCut(size: Int) throws {
        let message = HelloBytes.message(
            extensions: HelloBytes.serverName("mtls.test") + HelloBytes.protocols(["h2"])
                + HelloBytes.extensionBytes(21, Array(repeating: 0, count: 700)))
        let bytes = HelloBytes.records(message, size: size)
        var reader = ClientHelloReader()
        var buffer = ByteBuffer()
        for (index, byte) in bytes.enumerated() {
            buffer.writeInteger(byte)
            let step = reader.read(buffer)
            if index < bytes.count - 1 {
                #expect(step == .needsMore, "after \(index + 1) bytes")
            } else {
                #expect(hello(step)?.serverName == "mtls.test")
                #expect(hello(step)?.protocols == ["h2"])
            }
        }
    }

    @Test func leavesOtherProtocolsAlone() {
        #expect(read(Array("GET / HTTP/1.1\r\n".utf8)) == .notTLS)
        #expect(read([0, 0, 0, 8, 4, 0xD2, 0x16, 0x2F]) == .notTLS)
        #expect(read([]) == .needsMore)
        #expect(read([0x80, 0x2E, 1]) == .refused(.protocolVersion))
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var bytes: [UInt8]
        var alert: TLSAlert

        init(_ description: String, _ bytes: [UInt8], _ alert: TLSAlert) {
            testDescription = description
            self.bytes = bytes
            self.alert = alert
        }

        init(_ description: String, extensions: [UInt8], _ alert: TLSAlert) {
            self.init(description, HelloBytes.records(HelloBytes.message(extensions: extensions)), alert)
        }
    }

    @Test(arguments: [
        Refusal("another major version", [22, 2, 0, 0, 1, 1], .protocolVersion),
        Refusal("an empty record", [22, 3, 1, 0, 0], .decodeError),
        Refusal("a record of 65,535 bytes", [22, 3, 1, 0xFF, 0xFF], .recordOverflow),
        Refusal("a record of 2^14 + 1 bytes", [22, 3, 1, 0x40, 0x01], .recordOverflow),
        Refusal("a message without end", [22, 3, 1, 0, 4, 1, 0xFF, 0xFF, 0xFF], .recordOverflow),
        Refusal("another message", [22, 3, 1, 0, 4, 2, 0, 0, 0], .unexpectedMessage),
        Refusal("another record in between", [22, 3, 1, 0, 1, 1, 23], .unexpectedMessage),
        Refusal("nothing in the message", [22, 3, 1, 0, 4, 1, 0, 0, 0], .decodeError),
        Refusal(
            "bytes behind the extensions",
            HelloBytes.records(HelloBytes.message(extensions: HelloBytes.serverName("a"), trailing: [0])), .decodeError),
        Refusal(
            "two names", extensions: HelloBytes.serverName("a.test") + HelloBytes.serverName("b.test"),
            .illegalParameter),
        Refusal(
            "two entries in the name list",
            extensions: HelloBytes.extensionBytes(0, [0, 8, 0, 0, 1, 0x61, 0, 0, 1, 0x62]), .illegalParameter),
        Refusal("a name of another type", extensions: HelloBytes.serverName([0x61], type: 1), .illegalParameter),
        Refusal("an empty name", extensions: HelloBytes.serverName(""), .decodeError),
        Refusal("an empty name extension", extensions: HelloBytes.extensionBytes(0, []), .decodeError),
        Refusal("a trailing dot", extensions: HelloBytes.serverName("a.test."), .illegalParameter),
        Refusal("an empty label", extensions: HelloBytes.serverName("a..test"), .illegalParameter),
        Refusal("a NUL in the name", extensions: HelloBytes.serverName("a.test\0.b"), .illegalParameter),
        Refusal("a wildcard", extensions: HelloBytes.serverName("*.test"), .illegalParameter),
        Refusal("an address with colons", extensions: HelloBytes.serverName("::1"), .illegalParameter),
        Refusal(
            "a name length too great", extensions: HelloBytes.extensionBytes(0, [0, 4, 0, 0, 9, 0x61]), .decodeError),
        Refusal("an extension cut short", extensions: [0, 0, 0, 9, 0], .decodeError),
        Refusal("an empty protocol", extensions: HelloBytes.extensionBytes(16, [0, 1, 0]), .decodeError),
        Refusal("no protocol", extensions: HelloBytes.extensionBytes(16, [0, 0]), .decodeError),
        Refusal("half a group", extensions: HelloBytes.extensionBytes(10, [0, 1, 0x17]), .decodeError),
    ])
    func refuses(_ refusal: Refusal) {
        #expect(read(refusal.bytes) == .refused(refusal.alert))
    }

    @Test func anEndlessHelloIsRefusedHoweverItComes() {
        // Whole, it would be complete 40 bytes beyond the bound.
        let padding = HelloBytes.extensionBytes(21, Array(repeating: 0, count: 13_000))
        let message = HelloBytes.message(extensions: HelloBytes.serverName("a.test") + padding)
        let size = 5 * message.count / (ClientHelloReader.longest + 40 - message.count)
        let bytes = HelloBytes.records(message, size: size)
        #expect(bytes.count > ClientHelloReader.longest)
        #expect(read(bytes) == .refused(.recordOverflow))
        #expect(read(Array(bytes.prefix(ClientHelloReader.longest - 1))) == .needsMore)
        #expect(read(Array(bytes.prefix(ClientHelloReader.longest))) == .refused(.recordOverflow))
        #expect(hello(read(HelloBytes.records(message)))?.serverName == "a.test")
    }

    @Test func theAnswerStays() {
        var reader = ClientHelloReader()
        #expect(reader.read(ByteBuffer(bytes: [22, 2])) == .refused(.protocolVersion))
        #expect(reader.read(ByteBuffer(bytes: [22, 2, 1])) == .refused(.protocolVersion))
    }

    /// Whatever arrives: no trap, and the answer does not depend on how the bytes are cut into segments.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func damagedHellosNeverTrap(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let name = HelloBytes.serverName("victim.test")
        let message = HelloBytes.message(
            extensions: name + HelloBytes.protocols(["h2", "acme-tls/1"]) + HelloBytes.numbers(13, [0x0403, 0x0804])
                + HelloBytes.numbers(10, [0x1D, 0x17]) + HelloBytes.extensionBytes(43, [2, 3, 4]))
        for _ in 0..<200 {
            var bytes = HelloBytes.records(message, size: Int.random(in: 1...400, using: &random))
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                default: bytes.removeLast(min(bytes.count - 1, place))
                }
                if bytes.isEmpty { bytes = [22] }
            }
            var reader = ClientHelloReader()
            var buffer = ByteBuffer()
            var step = ClientHelloReader.Step.needsMore
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = rest.prefix(Int.random(in: 1...50, using: &random))
                rest = rest.dropFirst(part.count)
                buffer.writeBytes(part)
                step = reader.read(buffer)
            }
            #expect(step == read(bytes), "seed \(seed): \(bytes)")
        }
    }

    @Test func saysWhichKeysTheClientCanUse() {
        func abilities(_ suites: [UInt16], _ extensions: [UInt8]) -> ClientAbilities? {
            hello(read(HelloBytes.records(HelloBytes.message(suites: suites, extensions: extensions))))?.abilities
        }
        let tls13 = HelloBytes.extensionBytes(43, [2, 3, 4])
        #expect(abilities([0x1301], tls13 + HelloBytes.numbers(13, [0x0403, 0x0804])) == [.ecdsaP256, .rsa])
        #expect(abilities([0x1301], tls13 + HelloBytes.numbers(13, [0x0804])) == [.rsa])
        #expect(abilities([0x1301], tls13 + HelloBytes.numbers(13, [0x0503])) == [.ecdsaP384])
        #expect(abilities([0xC02F], HelloBytes.numbers(13, [0x0403, 0x0401])) == [.rsa])
        #expect(
            abilities([0xC02B, 0xC02F], HelloBytes.numbers(13, [0x0403, 0x0401]) + HelloBytes.numbers(10, [0x17]))
                == [.ecdsaP256, .rsa])
        #expect(abilities([0xC02F], []) == [.rsa])
    }
}
