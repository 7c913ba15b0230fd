import MartinetHTTP

/// An encoding that can be made here.
enum ContentCoding: String, Sendable {
    case gzip, br, zstd
}

/// Chooses an encoding by what a client accepts (RFC 9110 §12.5.3), one line of Accept-Encoding after the other.
///
/// Among equal qualities `*` comes first, then the encodings in the order in which they are offered, then `identity`, as in Traefik.
struct AcceptEncoding {
    private enum Choice {
        case coding(ContentCoding)
        case any
        case identity
    }

    /// Best first.
    private let offered: [ContentCoding]
    /// What a client gets that takes anything; nil: the first of `offered`.
    private let fallback: ContentCoding?
    private var best: (choice: Choice, quality: UInt64, rank: Int)?
    /// Whether the client takes gzip by its name.
    private(set) var namesGzip = false

    init(offered: [ContentCoding], fallback: ContentCoding?) {
        self.offered = offered
        self.fallback = fallback
    }

    /// What the lines so far amount to; nil: the answer as it is.
    var coding: ContentCoding? {
        switch best?.choice {
        case .coding(let coding): coding
        case .any: fallback ?? offered.first
        case .identity, nil: nil
        }
    }

    mutating func read(_ line: UnsafeRawBufferPointer) {
        ASCII.forEachListItem(line) { item in
            let (name, quality) = Self.parse(item)
            guard quality > 0 else { return }
            if name.count == 1, name[0] == UInt8(ascii: "*") {
                consider(.any, quality, rank: -1)
            } else if ASCII.equalIgnoringCase(name, "identity") {
                consider(.identity, quality, rank: offered.count)
            } else if let rank = offered.firstIndex(where: { Self.matches(name, $0) }) {
                if offered[rank] == .gzip { namesGzip = true }
                consider(.coding(offered[rank]), quality, rank: rank)
            }
        }
    }

    private mutating func consider(_ choice: Choice, _ quality: UInt64, rank: Int) {
        if let best, (best.quality, rank) > (quality, best.rank) || (best.quality, rank) == (quality, best.rank) {
            return
        }
        best = (choice, quality, rank)
    }

    private static func matches(_ name: UnsafeRawBufferPointer, _ coding: ContentCoding) -> Bool {
        switch coding {
        case .gzip: ASCII.equalIgnoringCase(name, "gzip") || ASCII.equalIgnoringCase(name, "x-gzip")
        case .br: ASCII.equalIgnoringCase(name, "br")
        case .zstd: ASCII.equalIgnoringCase(name, "zstd")
        }
    }

    /// Name and quality; a quality that is none counts as 0.
    private static func parse(_ item: UnsafeRawBufferPointer) -> (UnsafeRawBufferPointer, UInt64) {
        guard let semicolon = item.firstIndex(of: UInt8(ascii: ";")) else { return (item, one) }
        let name = ASCII.trim(UnsafeRawBufferPointer(rebasing: item[..<semicolon]))
        let parameter = ASCII.trim(UnsafeRawBufferPointer(rebasing: item[(semicolon + 1)...]))
        guard parameter.count > 1, ASCII.lower(parameter[0]) == UInt8(ascii: "q"), parameter[1] == UInt8(ascii: "=")
        else {
            return (name, one)
        }
        return (name, quality(ASCII.trim(UnsafeRawBufferPointer(rebasing: parameter[2...]))))
    }

    /// The quality 1. Three decimals are all that RFC 9110 §12.4.2 knows; clients send more of them.
    private static let one: UInt64 = 1_000_000_000

    private static func quality(_ text: UnsafeRawBufferPointer) -> UInt64 {
        var quality: UInt64 = 0
        /// What a digit counts; nil before the point.
        var unit: UInt64?
        for byte in text {
            if byte == UInt8(ascii: "."), unit == nil {
                unit = one / 10
                continue
            }
            let digit = UInt64(byte &- 0x30)
            guard digit < 10 else { return 0 }
            if let decimal = unit {
                quality += digit * decimal
                unit = decimal / 10
            } else {
                // Beyond 1 there is nothing to be gained; the bound keeps the number one.
                quality = min(quality * 10 + digit * one, 10 * one)
            }
        }
        return quality
    }
}
