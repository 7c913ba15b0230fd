/// An IPv4 or IPv6 address without port or zone.
///
/// Both families are one 128-bit number; an IPv4 address is its mapped form `::ffff:a.b.c.d`, so that a dual-stack
/// socket's spelling of an IPv4 peer cannot slip past a rule written for the plain one.
package struct IPAddress: Hashable, Comparable, Sendable {
    /// The address as a number, most significant byte first on the wire.
    package let value: UInt128

    package init(value: UInt128) { self.value = value }

    /// An IPv4 address as a number, `127.0.0.1` being `0x7F00_0001`.
    package init(v4: UInt32) { self.value = Self.mappedPrefix | UInt128(v4) }

    /// The IPv4 number when it is one (mapped or plain), else nil.
    @inline(__always)
    package var v4: UInt32? { isIPv4 ? UInt32(truncatingIfNeeded: value) : nil }

    @inline(__always)
    package var isIPv4: Bool { value >> 32 == 0xFFFF }

    /// `127.0.0.0/8` or `::1`.
    package var isLoopback: Bool {
        if let v4 { return v4 >> 24 == 127 }
        return value == 1
    }

    /// The address with all but its first `length` bits cleared. Bits are counted in the family's own width: 32 or 128.
    package func masked(to length: Int) -> IPAddress {
        let bits = isIPv4 ? length + 96 : length
        return IPAddress(value: value & Self.mask(bits))
    }

    package static func < (a: IPAddress, b: IPAddress) -> Bool { a.value < b.value }

    /// The number whose first `bits` bits of 128 are set.
    static func mask(_ bits: Int) -> UInt128 {
        if bits <= 0 { return 0 }
        return bits >= 128 ? .max : .max << (128 - bits)
    }

    private static let mappedPrefix: UInt128 = 0xFFFF_0000_0000
}
