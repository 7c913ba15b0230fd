/// A block of addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address alone.
///
/// IPv6 blocks never hold IPv4 addresses, not even `::/0`, as in Go; a block written in the mapped form
/// (`::ffff:10.0.0.0/104`) is the IPv4 block it maps.
package struct IPRange: Hashable, Sendable, CustomStringConvertible {
    /// The first address.
    package let base: IPAddress
    /// Number of leading bits that are fixed, of 128; an IPv4 `/8` is 104 here.
    package let fixedBits: Int

    /// The block of one address.
    package init(_ address: IPAddress) {
        self.init(address, fixedBits: 128)
    }

    private init(_ address: IPAddress, fixedBits: Int) {
        self.base = IPAddress(value: address.value & IPAddress.mask(fixedBits))
        self.fixedBits = fixedBits
    }

    /// Reads `address/bits` or `address`. Bits of the address beyond the prefix are ignored. Nil when it is neither,
    /// or when the address has a zone, which would be lost.
    package init?(_ text: String) {
        guard !text.utf8.contains(UInt8(ascii: "%")) else { return nil }
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else {
            guard let address = IPAddress(text) else { return nil }
            self.init(address)
            return
        }
        let addressText = text[..<slash]
        let digits = text[text.utf8.index(after: slash)...]
        guard let address = IPAddress(String(addressText)) else { return nil }
        guard !digits.isEmpty, digits.utf8.count <= 3, digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }),
            let bits = Int(digits)
        else {
            return nil
        }
        // The width is that of the spelling: a mapped address is counted in 128 bits.
        let spelledAsV4 = !addressText.utf8.contains(UInt8(ascii: ":"))
        guard bits <= (spelledAsV4 ? 32 : 128) else { return nil }
        self.init(address, fixedBits: spelledAsV4 ? bits + 96 : bits)
    }

    /// The last address.
    package var last: IPAddress { IPAddress(value: base.value | ~IPAddress.mask(fixedBits)) }

    package func contains(_ address: IPAddress) -> Bool {
        address.value & IPAddress.mask(fixedBits) == base.value && address.isIPv4 == base.isIPv4
    }

    package var description: String {
        let bits = base.isIPv4 ? fixedBits - 96 : fixedBits
        return fixedBits == 128 ? base.description : "\(base)/\(bits)"
    }
}
