import MartinetHTTP
import NIOCore
import Testing

@Suite struct HPACKEncoderTests {
    private static func encode(
        _ encoder: inout HPACKEncoder, _ fields: [(String, String)], isSensitive: Bool = false
    ) -> [UInt8] {
        var out = ByteBuffer()
        encoder.begin(&out)
        for (name, value) in fields {
            Array(name.utf8).withUnsafeBytes { name in
                Array(value.utf8).withUnsafeBytes { value in
                    encoder.encode(
                        name: name, value: value, id: HeaderID.lookup(name), isSensitive: isSensitive, to: &out)
                }
            }
        }
        return Array(out.readableBytesView)
    }

    @Test func namesAreWrittenInLowerCase() throws {
        var encoder = HPACKEncoder(limit: 4096)
        var decoder = HPACKDecoder(limit: 4096)
        let block = Self.encode(&encoder, [("X-Custom-NAME", "Value"), ("Content-Type", "text/plain")])
        #expect(try decoder.fields(block) == ["x-custom-name: Value", "content-type: text/plain"])
    }

    @Test func whatIsRepeatedTakesOneByte() throws {
        var encoder = HPACKEncoder(limit: 4096)
        let first = Self.encode(&encoder, [("Server", "martinet")])
        let second = Self.encode(&encoder, [("server", "martinet")])
        #expect(first.count > 1)
        #expect(second == [0xBE])
    }

    @Test(arguments: ["Authorization", "Cookie", "Set-Cookie", "Proxy-Authorization"])
    func secretsAreNeverIndexed(_ name: String) throws {
        var encoder = HPACKEncoder(limit: 4096)
        var decoder = HPACKDecoder(limit: 4096)
        for _ in 0..<2 {
            let block = Self.encode(&encoder, [(name, "secret")])
            #expect(block[0] & 0xF0 == 0x10)
            #expect(try decoder.fields(block) == ["!" + name.lowercased() + ": secret"])
        }
        #expect(decoder.tableSize == 0)
    }

    @Test func whatCameAsSensitiveStaysSo() throws {
        var encoder = HPACKEncoder(limit: 4096)
        var decoder = HPACKDecoder(limit: 4096)
        #expect(try decoder.fields(Self.encode(&encoder, [("x-key", "1")], isSensitive: true)) == ["!x-key: 1"])
    }

    @Test func huffmanIsForWhatItShortens() {
        var encoder = HPACKEncoder(limit: 0)
        _ = Self.encode(&encoder, [])
        // A literal that is not indexed, its name in one byte, eight letters of five bits each.
        #expect(Self.encode(&encoder, [("x", "aaaaaaaa")]) == hex("00 01 78 85 18c6318c63"))
        // Each of these takes more than eight bits in the code.
        #expect(Self.encode(&encoder, [("x", "\\\\{}")]).suffix(5) == [4] + Array("\\\\{}".utf8))
    }

    @Test func sizeUpdatesFollowThePeersLimit() throws {
        var encoder = HPACKEncoder(limit: 4096)
        var decoder = HPACKDecoder(limit: 4096)
        _ = try decoder.fields(Self.encode(&encoder, [("server", "martinet")]))
        #expect(decoder.tableSize == 46)
        encoder.setPeerLimit(0)
        encoder.setPeerLimit(1000)
        let block = Self.encode(&encoder, [("server", "martinet")])
        #expect(block.starts(with: [0x20, 0x3F, 0xC9, 0x07]))
        #expect(try decoder.fields(block) == ["server: martinet"])
        #expect(decoder.tableMaxSize == 1000)
        #expect(decoder.tableSize == 46)
    }

    @Test func aTableOfNothingIsSaidOnce() throws {
        var encoder = HPACKEncoder(limit: 0)
        var decoder = HPACKDecoder(limit: 4096)
        #expect(Self.encode(&encoder, []) == [0x20])
        #expect(Self.encode(&encoder, []) == [])
        _ = try decoder.fields(Self.encode(&encoder, [("server", "martinet")]))
        #expect(decoder.tableSize == 0)
    }

    /// What is encoded, in tables of several sizes that change now and then, is what is decoded.
    @Test(arguments: [0, 100, 512, 4096, 65536]) func roundTripsAgree(_ limit: Int) throws {
        var random = SplitMixRandom(seed: UInt64(limit) + 1)
        var encoder = HPACKEncoder(limit: limit)
        var decoder = HPACKDecoder(limit: 65536)
        encoder.setPeerLimit(65536)
        let names = ["server", "X-Thing", "cookie", "vary", "x-request-id", "accept-language", "age", "x"]
        for _ in 0..<500 {
            if random.next() % 20 == 0 { encoder.setPeerLimit(Int(random.next() % 8192)) }
            let fields = (0..<Int(random.next() % 12)).map { _ -> (String, String) in
                let length = Int(random.next() % 40)
                let value = String(
                    decoding: (0..<length).map { _ in UInt8(0x21 + random.next() % 90) }, as: UTF8.self)
                return (names[Int(random.next() % 8)], random.next() % 2 == 0 ? "the same" : value)
            }
            let lines = try decoder.fields(Self.encode(&encoder, fields))
            #expect(
                lines.map { $0.drop { $0 == "!" } }.map(String.init)
                    == fields.map { $0.0.lowercased() + ": " + $0.1 })
            #expect(decoder.tableMaxSize == encoder.tableMaxSize)
        }
    }

    /// Every byte there is, coded and read again.
    @Test func huffmanRoundTripsEveryByte() throws {
        var random = SplitMixRandom(seed: 3)
        for _ in 0..<400 {
            let bytes = (0..<Int(random.next() % 70)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            // Letters in front make the code shorter than the bytes now and then, whatever follows.
            let text = [UInt8](repeating: 0x65, count: 200) + bytes
            var encoder = HPACKEncoder(limit: 0)
            var out = ByteBuffer()
            text.withUnsafeBytes { value in
                ("x" as StaticString).withUTF8Buffer { name in
                    encoder.encode(
                        name: UnsafeRawBufferPointer(name), value: value, id: .other, isSensitive: false, to: &out)
                }
            }
            #expect(out.readableBytes < text.count + bytes.count * 3)
            var sink = LastValue()
            var decoder = HPACKDecoder(limit: 4096)
            try out.withUnsafeReadableBytes { try decoder.decode($0, into: &sink) }
            #expect(sink.value == text)
        }
    }

    private struct LastValue: HPACKFieldSink {
        var value: [UInt8] = []
        mutating func take(_ field: HPACKField) { value = Array(field.value) }
    }
}
