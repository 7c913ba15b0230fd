#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How much of the memory that the process may use it does use.
///
/// What is used are pages that only the process holds: file pages and page cache go away under pressure by themselves. What may be used
/// is the lowest limit of the control groups above it, or the machine's memory; and its address space, where that has a limit.
package final class MemoryGauge: Sendable {
    /// `/proc/self/statm`, kept open: there may be no descriptor left when it matters.
    private let statm: CInt
    private let pageSize: Int
    /// Bytes; `max` if unknown.
    package let limit: Int
    private let addressSpace: Int

    /// Nil where the system does not tell (anything but Linux).
    package init?() {
        statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard statm >= 0 else { return nil }
        pageSize = max(1, Int(sysconf(Int32(_SC_PAGESIZE))))
        let pages = Int(sysconf(Int32(_SC_PHYS_PAGES)))
        let machine = pages > 0 ? pages.multipliedReportingOverflow(by: pageSize).partialValue : .max
        limit = min(machine, ControlGroup.memoryLimit() ?? .max)
        var space = rlimit()
        let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &space) == 0
        addressSpace = isKnown ? Int(clamping: min(space.rlim_cur, 1 << 60)) : .max
    }

    deinit { close(statm) }

    /// In per cent; 0 if it cannot be told at present. One system call.
    package func percent() -> Int {
        var text = [UInt8](repeating: 0, count: 128)
        let count = pread(statm, &text, text.count, 0)
        guard count > 0, let figures = Self.figures(text[..<count]) else { return 0 }
        let used = max(0, figures.resident - figures.shared)
        return max(share(used, of: limit), share(figures.virtual, of: addressSpace))
    }

    private func share(_ pages: Int, of bytes: Int) -> Int {
        // By page counts: no product of bytes can overflow.
        let available = max(1, bytes / pageSize)
        let (product, overflow) = pages.multipliedReportingOverflow(by: 100)
        return overflow ? 100 : product / available
    }

    /// The first three numbers of `statm`, in pages (proc(5)).
    static func figures(_ text: ArraySlice<UInt8>) -> (virtual: Int, resident: Int, shared: Int)? {
        let numbers = text.split(separator: UInt8(ascii: " "), maxSplits: 3).prefix(3).compactMap {
            Int(String(decoding: $0, as: UTF8.self))
        }
        return numbers.count == 3 ? (numbers[0], numbers[1], numbers[2]) : nil
    }
}
