import Crypto

/// The nonces of a `digestAuth`: proof that a login is recent, and that it is used once.
///
/// A nonce says when it was made and is signed, so that nothing has to be remembered of those that are only asked for: a flood of
/// requests without credentials costs nobody his login. Of those that logged somebody in the highest request count is kept until they
/// expire; a count that is not higher is a replay (RFC 7616 §3.4).
///
/// There is room for 65,536 of them. Beyond, the oldest one makes way for a new one, and from then on a nonce as old as that which is
/// not remembered is stale: it may have been used before. Its client gets a new one without asking its user.
///
/// All times are milliseconds of uptime.
final class DigestNonces: Sendable {
    enum Verdict: Sendable, Equatable {
        case good
        /// It was good once: the client may try again with a new one, without asking its user.
        case stale
        case unknown
    }

    /// How long a nonce is good for.
    static let lifetime: UInt64 = 1_800_000
    /// Expired for so long, a nonce is surely being looked at by nobody, and its place may be given away.
    private static let grace: UInt64 = 1000

    private let key = SymmetricKey(size: .bits256)
    /// In each word the time of issue, and below it the count.
    private let counts: SourceTable
    private static let countBits: UInt64 = 24
    private static let mostCounted: UInt32 = 1 << 24 - 1
    /// Written back by clients as it is; tells this middleware's logins from others'.
    let opaque: String

    private static let stampLength = 8
    private static let saltLength = 8
    private static let proofLength = 8

    /// - Parameter capacity: how many nonces that logged somebody in are remembered.
    init(capacity: Int = SourceTable.capacity) {
        counts = SourceTable(capacity: capacity)
        opaque = Base64.encode(Self.random(12))
    }

    func issue(now: UInt64) -> String {
        let head =
            (0..<Self.stampLength).map { UInt8(truncatingIfNeeded: now >> UInt64(56 - 8 * $0)) }
            + Self.random(Self.saltLength)
        return Base64.encode(head + proof(of: head))
    }

    /// Whether the nonce was made here and is recent. Says nothing of replays: a count is taken only from whoever knows the password.
    func check(_ nonce: String, now: UInt64) -> Verdict {
        guard let issued = issueTime(of: nonce) else { return .unknown }
        return now &- issued <= Self.lifetime ? .good : .stale
    }

    /// Uses up the request count `count` of a nonce that is good; stale when one as high was used before, or may have been.
    func use(_ nonce: String, count: UInt32, now: UInt64) -> Verdict {
        guard let issued = issueTime(of: nonce), count > 0 else { return .unknown }
        guard count <= Self.mostCounted else { return .stale }
        var text = nonce
        let key = text.withUTF8 { SourceKey.make(UnsafeRawBufferPointer($0)) }
        var verdict = Verdict.stale
        let expired = Self.lifetime + Self.grace
        let idle = now > expired ? (now - expired) << Self.countBits &- 1 : 0
        counts.update(key, idleUpTo: idle, evicts: true, enters: !mayBeForgotten(issued)) { word in
            // Asked again: another loop may just have made room by forgetting this one.
            guard UInt64(count) > word & UInt64(Self.mostCounted), word > 0 || !mayBeForgotten(issued) else {
                verdict = .stale
                return .leave
            }
            verdict = .good
            return .store(issued << Self.countBits | UInt64(count))
        }
        return verdict
    }

    /// Whether a nonce of that time that is not remembered may have been used all the same.
    private func mayBeForgotten(_ issued: UInt64) -> Bool { issued <= counts.highestEvicted >> Self.countBits }

    private func issueTime(of nonce: String) -> UInt64? {
        var nonce = nonce
        guard let bytes = nonce.withUTF8({ Base64.decode(UnsafeRawBufferPointer($0)) }) else { return nil }
        let length = Self.stampLength + Self.saltLength
        guard bytes.count == length + Self.proofLength,
            PasswordHash.equal(proof(of: Array(bytes[..<length])), Array(bytes[length...]))
        else { return nil }
        return bytes[..<Self.stampLength].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func proof(of head: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: head, using: key).prefix(Self.proofLength))
    }

    private static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
