import Testing

@testable import MartinetHTTP

@Suite struct HeaderIDTests {
    private func lookup(_ name: some Sequence<UInt8>) -> HeaderID { Array(name).withUnsafeBytes(HeaderID.lookup) }

    @Test(arguments: HeaderID.allCases.filter { $0 != .other })
    func aNameIsKnownInEveryCase(_ id: HeaderID) {
        let name = id.name.bytes
        #expect(lookup(name) == id)
        #expect(lookup(name.map(ASCII.lower)) == id)
        #expect(lookup(name.map(ASCII.upper)) == id)
        #expect(lookup(name.enumerated().map { $0.offset % 2 == 0 ? ASCII.upper($0.element) : $0.element }) == id)
    }

    /// One byte more, one less, or another one anywhere: another name.
    @Test(arguments: HeaderID.allCases.filter { $0 != .other })
    func whatIsNearlyANameIsNone(_ id: HeaderID) {
        let name = Array(id.name.bytes)
        let others = HeaderID.allCases.map { $0.name.bytes.map(ASCII.lower) }
        func isUnknown(_ bytes: [UInt8]) -> Bool {
            lookup(bytes) == .other || others.contains(bytes.map(ASCII.lower))
        }
        #expect(isUnknown(name + [0x73]))
        #expect(isUnknown(name.dropLast()))
        for index in name.indices {
            for bit in 0..<8 where bit != 5 || ASCII.lower(name[index]) == ASCII.upper(name[index]) {
                var changed = name
                changed[index] ^= 1 << UInt8(bit)
                #expect(isUnknown(changed), "\(String(decoding: changed, as: UTF8.self))")
            }
        }
    }

    @Test(arguments: ["", "a", "ab", "abc", String(repeating: "a", count: 32), String(repeating: "a", count: 33)])
    func otherNamesAreOthers(_ name: String) {
        #expect(lookup(name.utf8) == .other)
    }

    @Test func everyNameHasABitOfItsOwn() {
        #expect(HeaderID.other.bit == 0)
        let bits = HeaderID.allCases.dropFirst().map(\.bit)
        #expect(Set(bits).count == bits.count && bits.allSatisfy { $0.nonzeroBitCount == 1 })
    }
}

@Suite struct ByteClassTests {
    private static let alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    @Test(arguments: UInt8.min...UInt8.max)
    func classesAreThoseOfTheirCharacters(_ byte: UInt8) {
        let isAlphanumeric = Self.alphanumerics.utf8.contains(byte)
        let isToken = isAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains(byte)
        #expect(ByteClass.token.contains(byte) == isToken)
        #expect(ByteClass.host.contains(byte) == (isAlphanumeric || "!$%&'()*+-.:;=[]_~".utf8.contains(byte)))
        #expect(ByteClass.unsafeInPath.contains(byte) == "\"<>\\^`{|}".utf8.contains(byte))
        let isPlain = isAlphanumeric || byte == UInt8(ascii: "-")
        #expect(NameByte(byte) == (isPlain ? .plain : isToken ? .odd : .none))
    }
}
