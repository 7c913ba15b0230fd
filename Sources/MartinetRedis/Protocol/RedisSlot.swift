/// Which of the 16,384 slots of a cluster a key belongs to: CRC-16 (XMODEM) of the key, or of what its first braces hold, if anything
/// (Redis cluster specification, "Hash tags").
enum RedisSlot {
    static func of(_ key: [UInt8]) -> UInt16 {
        if let open = key.firstIndex(of: UInt8(ascii: "{")) {
            let rest = key[(open + 1)...]
            if let close = rest.firstIndex(of: UInt8(ascii: "}")), close > rest.startIndex {
                return crc(rest[..<close]) % 16384
            }
        }
        return crc(key[...]) % 16384
    }

    private static func crc(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        var crc: UInt16 = 0
        for byte in bytes {
            crc ^= UInt16(byte) << 8
            for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        }
        return crc
    }
}
