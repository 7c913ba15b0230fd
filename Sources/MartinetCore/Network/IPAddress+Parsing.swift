extension IPAddress {
    /// Reads `127.0.0.1`, `::1`, `::ffff:10.0.0.1` or `fe80::1%eth0`, whose zone is dropped. No brackets, no port, no
    /// blanks.
    ///
    /// As strict as Go: no leading zeros in IPv4 parts, at most four digits in an IPv6 part, one `::` at most.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        // The longest spelling is 45 characters; a zone may follow.
        guard bytes.count >= 2 else { return nil }
        var colon = false
        for byte in bytes.prefix(6) where byte == UInt8(ascii: ":") { colon = true }
        if colon {
            guard let value = Self.parseV6(bytes) else { return nil }
            self.init(value: value)
        } else {
            guard let v4 = Self.parseV4(bytes) else { return nil }
            self.init(v4: v4)
        }
    }

    package init?(_ text: String) {
        var text = text
        guard let address = text.withUTF8({ IPAddress(UnsafeRawBufferPointer($0)) }) else { return nil }
        self = address
    }

    /// Reads an address that may carry a port: `10.1.1.1:80`, `[::1]:80`, `[::1]`, or none.
    package init?(withOptionalPort bytes: UnsafeRawBufferPointer) {
        self.init(Self.strippingPort(bytes))
    }

    /// The host part of `host:port`, brackets removed; the whole text when it has no port. An IPv6 address without
    /// brackets is left whole.
    package static func strippingPort(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return bytes }
            guard close + 1 == bytes.count || bytes[close + 1] == UInt8(ascii: ":") else { return bytes }
            return UnsafeRawBufferPointer(rebasing: bytes[1..<close])
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return bytes }
        if bytes[(colon + 1)...].contains(UInt8(ascii: ":")) { return bytes }
        return UnsafeRawBufferPointer(rebasing: bytes[..<colon])
    }

    private static func parseV4(_ bytes: some RandomAccessCollection<UInt8>) -> UInt32? {
        guard bytes.count >= 7, bytes.count <= 15 else { return nil }
        var value: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var dots = 0
        for byte in bytes {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                value = value << 8 | part
                part = 0
                digits = 0
                dots += 1
                continue
            }
            let digit = byte &- 0x30
            guard digit < 10, !(digits > 0 && part == 0) else { return nil }
            part = part &* 10 &+ UInt32(digit)
            digits += 1
            guard part <= 255 else { return nil }
        }
        guard digits > 0, dots == 3 else { return nil }
        return value << 8 | part
    }

    private static func parseV6(_ bytes: UnsafeRawBufferPointer) -> UInt128? {
        var end = bytes.count
        if let percent = bytes.firstIndex(of: UInt8(ascii: "%")) {
            guard percent + 1 < bytes.count else { return nil }
            end = percent
        }
        guard end <= 45 else { return nil }
        let colon = UInt8(ascii: ":")
        // `head` is what stands before `::`, `value` what came since, each with its number of 16-bit groups.
        var head: (value: UInt128, groups: Int)?
        var value: UInt128 = 0
        var groups = 0
        var index = 0
        if end >= 2, bytes[0] == colon {
            guard bytes[1] == colon else { return nil }
            head = (0, 0)
            index = 2
        }
        while index < end {
            let start = index
            var group: UInt32 = 0
            while index < end, let digit = hexDigit(bytes[index]) {
                guard index - start < 4 else { return nil }
                group = group << 4 | UInt32(digit)
                index += 1
            }
            guard index > start else { return nil }
            if index < end, bytes[index] == UInt8(ascii: ".") {
                guard let v4 = parseV4(bytes[start..<end]) else { return nil }
                value = value << 32 | UInt128(v4)
                groups += 2
                index = end
                break
            }
            value = value << 16 | UInt128(group)
            groups += 1
            guard groups <= 8 else { return nil }
            if index == end { break }
            guard bytes[index] == colon, index + 1 < end else { return nil }
            index += 1
            if bytes[index] == colon {
                guard head == nil else { return nil }
                head = (value, groups)
                value = 0
                groups = 0
                index += 1
            }
        }
        guard let head else { return groups == 8 ? value : nil }
        let total = head.groups + groups
        guard total < 8 else { return nil }
        return head.groups == 0 ? value : head.value << UInt128((8 - head.groups) * 16) | value
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x41 &+ 10
        case 0x61...0x66: byte &- 0x61 &+ 10
        default: nil
        }
    }
}
