/// Reads an input as a list of acts: a byte says which, those behind it with what.
///
/// Inputs that end in the middle of an act go on with zeros, so every input is a script.
struct HTTP2Script {
    /// Numbers that windows, settings and lengths change their meaning at.
    private static let edges: [UInt32] = [
        0, 1, 2, 5, 100, 255, 1000, 4095, 4096, 16383, 16384, 16385, 65535, 65536, 100_000, 1 << 20, (1 << 24) - 1,
        1 << 24, (1 << 31) - 1_048_576, (1 << 31) - 65536, (1 << 31) - 1, 1 << 31, .max,
    ]

    private var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) { rest = input[...] }

    var isOver: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// A byte that says what, with three bits that say how.
    mutating func choice() -> (what: UInt8, how: UInt8) {
        let byte = byte()
        return (byte & 31, byte >> 5)
    }

    mutating func edge() -> UInt32 { Self.edges[Int(byte()) % Self.edges.count] }

    /// How many bytes: 0 to 127, or in steps of 128 up to a whole frame.
    mutating func size() -> Int {
        let byte = Int(byte())
        return byte < 128 ? byte : (byte - 127) * 128
    }

    /// Up to 255 bytes as they stand, behind their number.
    mutating func bytes() -> [UInt8] {
        let count = Int(byte())
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// The number of a stream: mostly one of `known`, and now and then one that nobody has opened.
    mutating func stream(of known: [UInt32]) -> UInt32 {
        let byte = byte()
        switch byte {
        case 255: return 0
        case 254: return 2
        case 253: return (known.last ?? 1) + 2
        case 252: return 0x8000_0001
        case 251: return 0x7FFF_FFFF
        default: return known.isEmpty ? 1 : known[Int(byte) % known.count]
        }
    }
}
