/// Finds the ``HeaderID`` of a name: a hash over length, first, middle and last letter, then words of eight letters at a time. Built once
/// from the names themselves, so that adding a name is adding a case.
struct HeaderIDTable: Sendable {
    /// Who looks up many names keeps it in a variable: each access asks whether it is there yet.
    static let shared = HeaderIDTable()

    /// A name in lower case, up to 32 bytes as four words; and the bit in which a letter may differ.
    private struct Known: Sendable {
        var id = HeaderID.other
        var length = 0
        var letters = Words()
        var cases = Words()
    }

    /// The bytes of a name. The last word ends where the name ends, so that it may repeat some of the one before.
    private struct Words: Sendable {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        var last: UInt64 = 0

        init() {}

        /// `name`: 2 to 32 bytes.
        @inline(__always)
        init(_ name: UnsafeRawBufferPointer) {
            let count = name.count
            if count >= 8 {
                first = name.loadUnaligned(as: UInt64.self)
                last = name.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
                if count > 16 { second = name.loadUnaligned(fromByteOffset: 8, as: UInt64.self) }
                if count > 24 { third = name.loadUnaligned(fromByteOffset: 16, as: UInt64.self) }
            } else if count >= 4 {
                first = UInt64(name.loadUnaligned(as: UInt32.self))
                last = UInt64(name.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
            } else {
                first = UInt64(name.loadUnaligned(as: UInt16.self))
                last = UInt64(name[count &- 1])
            }
        }

        @inline(__always)
        func differs(from other: Words, ignoring cases: Words) -> Bool {
            let begin = (first ^ other.first) & ~cases.first | (last ^ other.last) & ~cases.last
            return begin | (second ^ other.second) & ~cases.second | (third ^ other.third) & ~cases.third != 0
        }
    }

    private static let longest = 32
    private static let mask = 255
    /// Places of names in `known`, by hash; the next free one where two have the same. 0: nobody.
    private let slots: [UInt8]
    private let known: [Known]

    init() {
        var slots = [UInt8](repeating: 0, count: Self.mask + 1)
        var known = [Known()]
        for id in HeaderID.allCases where id != .other {
            let name = id.name.bytes
            var slot = Self.slot(of: name)
            while slots[slot] != 0 { slot = (slot + 1) & Self.mask }
            slots[slot] = UInt8(known.count)
            let cases = name.map { $0 | 0x20 >= 0x61 ? UInt8(0x20) : 0 }
            known.append(
                Known(id: id, length: name.count, letters: Words(name), cases: cases.withUnsafeBytes { Words($0) }))
        }
        self.slots = slots
        self.known = known
    }

    @inline(__always)
    private static func slot(of name: UnsafeRawBufferPointer) -> Int {
        let count = name.count
        let first = Int(name[0] | 0x20)
        let middle = Int(name[count / 2] | 0x20)
        let last = Int(name[count - 1] | 0x20)
        return (count &* 31 &+ first &* 7 &+ middle &* 13 &+ last &* 3) & mask
    }

    /// The id of a name, whatever its case; `other` when it is not one of ours.
    func lookup(_ name: UnsafeRawBufferPointer) -> HeaderID {
        guard name.count > 1, name.count <= Self.longest else { return .other }
        var slot = Self.slot(of: name)
        guard slots[slot] != 0 else { return .other }
        let words = Words(name)
        while slots[slot] != 0 {
            let candidate = known[Int(slots[slot])]
            if candidate.length == name.count, !words.differs(from: candidate.letters, ignoring: candidate.cases) {
                return candidate.id
            }
            slot = (slot + 1) & Self.mask
        }
        return .other
    }
}
