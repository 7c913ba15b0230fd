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

    /// The first line of a whole head, without its CRLF, and where the next line begins; nil when there is no such line.
    static func startLine(of head: UnsafeRawBufferPointer) -> (line: UnsafeRawBufferPointer, next: Int)? {
        guard let base = head.baseAddress, let hit = memchr(base, 0x0A, head.count) else { return nil }
        let lineFeed = UnsafeRawPointer(hit) - base
        guard lineFeed > 0, head[lineFeed - 1] == 0x0D else { return nil }
        return (UnsafeRawBufferPointer(rebasing: head[..<(lineFeed - 1)]), lineFeed + 1)
    }

    mutating func reset() {
        scanned = 0
        lineStart = 0
        lines = 0
    }
}
