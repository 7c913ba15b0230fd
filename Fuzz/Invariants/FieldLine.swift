import MartinetHTTP

/// A header line, copied out of its block.
struct FieldLine: Equatable, CustomStringConvertible {
    let name: [UInt8]
    let value: [UInt8]
    let id: HeaderID

    var description: String {
        String(decoding: name, as: UTF8.self) + ": " + String(decoding: value, as: UTF8.self).debugDescription
    }

    /// The same with its name in lower case: writers may spell a name in another letter case.
    var folded: FieldLine { FieldLine(name: name.map(ASCII.lower), value: value, id: id) }

    /// Throws unless the line is fit to be written: a name of token characters, a value without control characters.
    func mustBeClean() throws(BrokenInvariant) {
        let token = Array("!#$%&'*+-.^_`|~".utf8)
        let isName = name.allSatisfy { byte in
            byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || token.contains(byte)
        }
        try require(isName && !name.isEmpty, "a header name is a token: \(self)")
        try require(value.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }, "a value has no controls: \(self)")
        try require(value.first != 0x20 && value.last != 0x20, "a value has no blanks around it: \(self)")
    }
}

extension HeaderBlock {
    /// All lines but those of the names in `mask`.
    func lines(without mask: UInt64 = 0) -> [FieldLine] {
        entries.filter { $0.id.bit & mask == 0 }
            .map { FieldLine(name: copy($0.name), value: copy($0.value), id: $0.id) }
    }

    func copy(_ ref: ByteRef) -> [UInt8] { withBytes(ref) { Array($0) } }
}
