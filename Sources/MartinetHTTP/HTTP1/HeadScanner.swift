#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Finds the end of a head, remembering how far it looked, so that a head that arrives byte by byte is looked at once.
struct HeadScanner {
    enum Found: Equatable {
        case nothing
        /// The head ends before this offset, empty line included.
        case end(Int)
        /// A line ends without CR.
        case bareLineFeed
    }

    /// Where to look on.
    private var scanned = 0
    /// Where the line being looked at begins.
    private(set) var lineStart = 0
    private(set) var lines = 0

    mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Found {
        guard let base = bytes.baseAddress else { return .nothing }
        while scanned < bytes.count, let hit = memchr(base + scanned, 0x0A, bytes.count - scanned) {
            let at = UnsafeRawPointer(hit) - base
            guard at > lineStart, bytes[at - 1] == 0x0D else { return .bareLineFeed }
            scanned = at + 1
            // An empty line ends the head, but there must be a start line first.
            if at - lineStart == 1, lines > 0 { return .end(at + 1) }
            lines += 1
            lineStart = at + 1
        }
        scanned = bytes.count
        return .nothing
    }

    mutating func reset() {
        scanned = 0
        lineStart = 0
        lines = 0
    }
}
