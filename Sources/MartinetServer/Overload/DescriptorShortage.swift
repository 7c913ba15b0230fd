import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Which errors of the system mean that a resource is used up for now, not that anything is broken.
enum DescriptorShortage {
    /// Whether the process or the machine has no descriptor left.
    static func isMeant(by code: CInt) -> Bool { code == EMFILE || code == ENFILE }

    /// Whether `accept` failed for want of something that will come back (accept(2)).
    static func stopsAccepting(_ code: CInt) -> Bool { isMeant(by: code) || code == ENOBUFS || code == ENOMEM }

    static func isMeant(by error: any Error) -> Bool { (error as? IOError).map { isMeant(by: $0.errnoCode) } ?? false }
}
