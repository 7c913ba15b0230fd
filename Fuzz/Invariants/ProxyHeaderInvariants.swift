import MartinetCore
import MartinetServer

/// What must hold for everything that may be a PROXY header: the answer does not depend on how much is there, once there is one; no
/// more is taken than came; and what a header says can be said again in both versions.
enum ProxyHeaderInvariants {
    /// Both versions' first bytes, behind which nothing is left to the connection.
    private static let beginnings: [[UInt8]] = [
        Array("PROXY ".utf8), [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A],
    ]

    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        let whole = read(input[...])
        // Every length where headers end, then steps: all of them would cost the square of a long input.
        for count in Array(0..<min(input.count, 300)) + Array(stride(from: 300, to: input.count, by: 97)) {
            let part = read(input[..<count])
            if part != .needsMore { try requireEqual(part, whole, "the answer to the first \(count) bytes stays") }
        }
        let begins = beginnings.contains { input.starts(with: $0) }
        switch whole {
        case .needsMore:
            try require(input.count < ProxyProtocolHeader.longest, "\(input.count) bytes are enough")
            try require(
                begins || beginnings.contains { $0.starts(with: input) }, "only what may be a header is waited for")
        case .none: try require(!begins, "what begins as a header is one, or malformed")
        case .malformed: try require(begins, "only what begins as a header can be malformed")
        case .header(let source, let length):
            try require((1...input.count).contains(length), "a header of \(length) bytes is there")
            try require(length <= ProxyProtocolHeader.longest, "a header of \(length) bytes is too long")
            if let source { try mustReadAgain(source) }
        }
    }

    private static func read(_ bytes: ArraySlice<UInt8>) -> ProxyProtocolHeader.Reading {
        bytes.withUnsafeBytes(ProxyProtocolHeader.read)
    }

    private static func mustReadAgain(_ source: ProxyProtocolHeader.Source) throws(BrokenInvariant) {
        let line = Array("PROXY TCP6 \(source.address) ::1 \(source.port) 1\r\n".utf8)
        try requireEqual(read(line[...]), .header(source: source, length: line.count), "the source in version 1")
        var binary = beginnings[1] + [0x21, 0x21, 0, 36]
        for shift in stride(from: 120, through: 0, by: -8) {
            binary.append(UInt8(truncatingIfNeeded: source.address.value >> UInt128(shift)))
        }
        binary += [UInt8](repeating: 0, count: 16) + [UInt8(source.port >> 8), UInt8(source.port & 0xFF), 0, 1]
        try requireEqual(read(binary[...]), .header(source: source, length: binary.count), "the source in version 2")
    }
}
