import MartinetHTTP

/// An encoding that can be made here.
enum ContentCoding: String, Sendable {
    case gzip, br, zstd
}

/// Chooses an encoding by what a client accepts (RFC 9110 §12.5.3).
enum AcceptEncoding {
    /// The best of `offered` (best first) for the value of Accept-Encoding; nil for none.
    static func choose(_ value: UnsafeRawBufferPointer, offered: [ContentCoding]) -> ContentCoding? {
        var best: (coding: ContentCoding, quality: Int, rank: Int)?
        var named: Set<ContentCoding> = []
        var wildcard: Int?
        ASCII.forEachListItem(value) { item in
            let (name, quality) = parse(item)
            if name.count == 1, name[0] == UInt8(ascii: "*") {
                wildcard = quality
                return
            }
            for (rank, coding) in offered.enumerated() where matches(name, coding) {
                named.insert(coding)
                if quality > 0, quality > best?.quality ?? 0 || (quality == best?.quality && rank < best?.rank ?? 0) {
                    best = (coding, quality, rank)
                }
            }
        }
        if let wildcard, wildcard > best?.quality ?? 0, let other = offered.first(where: { !named.contains($0) }) {
            return other
        }
        return best?.coding
    }

    private static func matches(_ name: UnsafeRawBufferPointer, _ coding: ContentCoding) -> Bool {
        switch coding {
        case .gzip: ASCII.equalIgnoringCase(name, "gzip") || ASCII.equalIgnoringCase(name, "x-gzip")
        case .br: ASCII.equalIgnoringCase(name, "br")
        case .zstd: ASCII.equalIgnoringCase(name, "zstd")
        }
    }

    /// Name and quality in thousandths; a quality that is none counts as 0.
    private static func parse(_ item: UnsafeRawBufferPointer) -> (UnsafeRawBufferPointer, Int) {
        guard let semicolon = item.firstIndex(of: UInt8(ascii: ";")) else { return (item, 1000) }
        let name = ASCII.trim(UnsafeRawBufferPointer(rebasing: item[..<semicolon]))
        let parameter = ASCII.trim(UnsafeRawBufferPointer(rebasing: item[(semicolon + 1)...]))
        guard parameter.count > 2, parameter[0] | 0x20 == UInt8(ascii: "q"), parameter[1] == UInt8(ascii: "=") else {
            return (name, 1000)
        }
        var quality = 0
        var scale = 1000
        for (index, byte) in parameter[2...].enumerated() {
            if index == 1, byte == UInt8(ascii: ".") { continue }
            guard byte &- 0x30 < 10, index < 5 else { return (name, 0) }
            quality += Int(byte &- 0x30) * scale
            scale /= 10
        }
        return (name, min(quality, 1000))
    }
}
