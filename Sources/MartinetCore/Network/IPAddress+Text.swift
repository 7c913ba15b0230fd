package import NIOCore

extension IPAddress: CustomStringConvertible {
    /// The canonical text (RFC 5952): `10.0.0.1`, `2001:db8::1`. Mapped IPv4 is written as IPv4.
    package var description: String {
        withText { String(decoding: $0, as: UTF8.self) }
    }

    /// Appends the canonical text to `out`; returns the number of bytes written.
    @discardableResult
    package func write(to out: inout ByteBuffer) -> Int {
        withText { out.writeBytes($0) }
    }

    /// Lends the canonical text, at most 39 bytes, made on the stack.
    package func withText<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeTemporaryAllocation(byteCount: 48, alignment: 1) { space in
            var writer = TextWriter(space: space)
            if let v4 {
                for shift in stride(from: 24, through: 0, by: -8) {
                    if shift != 24 { writer.put(UInt8(ascii: ".")) }
                    writer.putDecimal(UInt8(truncatingIfNeeded: v4 >> shift))
                }
            } else {
                putV6(&writer)
            }
            return try body(UnsafeRawBufferPointer(rebasing: space[..<writer.count]))
        }
    }

    private func group(_ index: Int) -> UInt16 { UInt16(truncatingIfNeeded: value >> UInt128((7 - index) * 16)) }

    /// The longest run of two or more zero groups, the first of equals, is written `::` (RFC 5952 §4.2).
    private func putV6(_ writer: inout TextWriter) {
        var best = 0..<0
        var index = 0
        while index < 8 {
            let start = index
            while index < 8, group(index) == 0 { index += 1 }
            if index - start > best.count, index - start > 1 { best = start..<index }
            if index == start { index += 1 }
        }
        index = 0
        while index < 8 {
            if !best.isEmpty, index == best.lowerBound {
                writer.put(UInt8(ascii: ":"))
                writer.put(UInt8(ascii: ":"))
                index = best.upperBound
                continue
            }
            if index > 0, index != best.upperBound || best.isEmpty { writer.put(UInt8(ascii: ":")) }
            writer.putHex(group(index))
            index += 1
        }
    }
}

/// Writes numbers into a fixed space that the caller has made large enough.
private struct TextWriter {
    let space: UnsafeMutableRawBufferPointer
    var count = 0

    mutating func put(_ byte: UInt8) {
        space[count] = byte
        count += 1
    }

    mutating func putDecimal(_ number: UInt8) {
        if number >= 100 { put(0x30 &+ number / 100) }
        if number >= 10 { put(0x30 &+ number / 10 % 10) }
        put(0x30 &+ number % 10)
    }

    mutating func putHex(_ number: UInt16) {
        var started = false
        var shift: UInt16 = 12
        while true {
            let digit = UInt8(truncatingIfNeeded: number >> shift & 0xF)
            started = started || digit != 0 || shift == 0
            if started { put(digit < 10 ? 0x30 &+ digit : 0x57 &+ digit) }
            if shift == 0 { return }
            shift -= 4
        }
    }
}
