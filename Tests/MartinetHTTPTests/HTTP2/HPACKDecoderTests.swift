import MartinetHTTP
import NIOCore
import Testing

@Suite struct HPACKDecoderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let label: String
        let block: [UInt8]
        var testDescription: String { label }

        init(_ label: String, _ block: String) {
            self.label = label
            self.block = hex(block)
        }
    }

    static let broken: [Row] = [
        Row("index 0", "80"),
        Row("an index beyond both tables", "be"),
        Row("a name's index beyond both tables", "7f00 0161"),
        Row("H26 an integer with ten continuation bytes", "ff80 8080 8080 8080 8080 00"),
        Row("an integer with leading zeros", "ff80 8080 8000"),
        Row("an integer that is too large", "ffff ffff 7f"),
        Row("an integer that ends early", "ff80"),
        Row("a string that ends early", "4003 6162"),
        Row("a length without a string", "40"),
        Row("a name without a value", "4001 61"),
        Row("a length that wraps", "007f ffff ff7f"),
        Row("H26 three table size updates", "2020 20"),
        Row("a table size above the limit", "3fe2 1f"),
        Row("a table size behind a field", "8220"),
        // `a` in five bits, then eleven bits of padding.
        Row("Huffman padding of more than seven bits", "0082 1fff 0161"),
        Row("Huffman padding of zeros", "0081 1800"),
        Row("H26 the end of string in a string", "0084 ffff ffff 0161"),
        Row("a Huffman code that is cut", "0081 fe 0161"),
    ]

    @Test(arguments: broken) func brokenBlocksAreRefused(_ row: Row) {
        var decoder = HPACKDecoder(limit: 4096)
        #expect(throws: HPACKError.self) { try decoder.fields(row.block) }
    }

    @Test func twoTableSizeUpdatesAreTaken() throws {
        var decoder = HPACKDecoder(limit: 4096)
        #expect(try decoder.fields(hex("203fe11f82")) == [":method: GET"])
        #expect(decoder.tableMaxSize == 4096)
    }

    @Test func aSmallerLimitMustBeHeeded() throws {
        var decoder = HPACKDecoder(limit: 4096)
        decoder.setLimit(100)
        #expect(throws: HPACKError.self) { try decoder.fields(hex("82")) }
        var other = HPACKDecoder(limit: 4096)
        other.setLimit(100)
        #expect(try other.fields(hex("3f4582")) == [":method: GET"])
        #expect(other.tableMaxSize == 100)
        #expect(throws: HPACKError.self) { try other.fields(hex("3f46")) }
    }

    @Test func anEntryLargerThanTheTableEmptiesIt() throws {
        var decoder = HPACKDecoder(limit: 64)
        _ = try decoder.fields(hex("4001610162"))
        #expect(decoder.tableSize == 34)
        let large = [0x40, 1, 0x61, 40] + [UInt8](repeating: 0x62, count: 40)
        #expect(try decoder.fields(large).count == 1)
        #expect(decoder.tableSize == 0)
        #expect(throws: HPACKError.self) { try decoder.fields([0xBE]) }
    }

    /// RFC 7541 §4.4: the entry that lends its name may be driven out by the new one.
    @Test func aNameSurvivesTheEntryItCameFrom() throws {
        var decoder = HPACKDecoder(limit: 64)
        _ = try decoder.fields(hex("4003616263 0162"))
        #expect(
            try decoder.fields([0x7E, 20] + [UInt8](repeating: 0x63, count: 20)) == [
                "abc: " + String(repeating: "c", count: 20)
            ])
        #expect(try decoder.fields([0xBE]).count == 1)
    }

    /// Two bytes that copy four thousand: a few of them are an encoder's bad taste, tens of thousands an attack.
    @Test func longNamesCannotBeCopiedWithoutEnd() throws {
        let entry = [0x40] + hex("7fe11e") + [UInt8](repeating: 0x61, count: 127 + 0x61 + 0x1E * 128) + [0]
        var decoder = HPACKDecoder(limit: 8192)
        _ = try decoder.fields(hex("3fe13f") + entry)
        let few = try decoder.fields(Array([[UInt8]](repeating: [0x7E, 0], count: 10).joined()))
        #expect(few.count == 10)
        let many = Array([[UInt8]](repeating: [0x0F, 0x2F, 0], count: 1000).joined())
        #expect(throws: HPACKError.self) { try decoder.fields(many) }
    }

    /// Entries come and go a thousand times; each is found where it ought to be.
    @Test func theTableIsARing() throws {
        var decoder = HPACKDecoder(limit: 500)
        var newest: [String] = []
        var random = SplitMixRandom(seed: 7)
        for _ in 0..<3000 {
            let value = String(repeating: "v", count: Int(random.next() % 90))
            let name = String(repeating: "n", count: 1 + Int(random.next() % 20))
            let line = name + ": " + value
            #expect(
                try decoder.fields(
                    [0x40, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8))
                    == [line])
            newest.insert(line, at: 0)
            var size = 0
            newest = newest.filter { line in
                size += line.utf8.count - 2 + 32
                return size <= 500
            }
            let index = Int(random.next() % UInt64(newest.count))
            #expect(try decoder.fields([0x80 | UInt8(62 + index)]) == [newest[index]])
        }
    }
}
