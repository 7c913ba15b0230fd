import Crypto
import NIOCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Passwords that were found right a while ago, so that the requests of somebody who is logged in do not each cost a hash that is slow
/// on purpose. Shared by all event loops, without locks.
///
/// What is kept is no password but 96 bits of a digest that is keyed with a random number of this object. Only right ones are kept, so
/// the time an answer takes tells nothing that the answer does not.
final class VerifiedPasswords: Sendable {
    /// A name and its password, as one number.
    struct Digest: Equatable {
        let high: UInt64
        /// The upper half of what is kept beside ``high``; the lower one is the time.
        let low: UInt64
    }

    /// Most that are kept.
    static let capacity = 4096
    private static let groupSize = 4
    /// After so long a password is hashed again.
    static let lifetime: UInt32 = 600

    private struct Place: ~Copyable {
        let high: Atomic<UInt64>
        /// 32 bits of the digest and the second in which it ceases to count.
        let low: Atomic<UInt64>
    }

    private let key = SymmetricKey(size: .bits256)
    private nonisolated(unsafe) let places: UnsafeMutablePointer<Place>

    init() {
        // Zeroed memory comes from the system page by page as it is touched; all-zero is a place that is free.
        places = ZeroedMemory.make(Self.capacity)
    }

    deinit { free(places) }

    /// A second of the monotonic clock.
    static func now() -> UInt32 { UInt32(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds / 1_000_000_000) }

    /// `credentials`: name, colon, password.
    func digest(_ credentials: [UInt8]) -> Digest {
        HMAC<SHA256>.authenticationCode(for: credentials, using: key).withUnsafeBytes { code in
            Digest(
                high: code.loadUnaligned(as: UInt64.self),
                low: code.loadUnaligned(fromByteOffset: 8, as: UInt64.self) & 0xFFFF_FFFF_0000_0000)
        }
    }

    func contains(_ digest: Digest, now: UInt32) -> Bool {
        group(of: digest).contains { index in
            // Another loop may be writing: halves of two entries match no digest.
            guard places[index].high.load(ordering: .acquiring) == digest.high else { return false }
            let low = places[index].low.load(ordering: .acquiring)
            return low & 0xFFFF_FFFF_0000_0000 == digest.low && UInt32(truncatingIfNeeded: low) > now
        }
    }

    /// In the place of that which ceases first, if none is free.
    func insert(_ digest: Digest, now: UInt32) {
        let end = { [places] (index: Int) in UInt32(truncatingIfNeeded: places[index].low.load(ordering: .relaxed)) }
        let known = group(of: digest).first { places[$0].high.load(ordering: .relaxed) == digest.high }
        guard let index = known ?? group(of: digest).min(by: { end($0) < end($1) }) else { return }
        places[index].low.store(0, ordering: .releasing)
        places[index].high.store(digest.high, ordering: .releasing)
        places[index].low.store(digest.low | UInt64(now &+ Self.lifetime), ordering: .releasing)
    }

    private func group(of digest: Digest) -> Range<Int> {
        let first = Int(digest.high % UInt64(Self.capacity / Self.groupSize)) * Self.groupSize
        return first..<(first + Self.groupSize)
    }
}
