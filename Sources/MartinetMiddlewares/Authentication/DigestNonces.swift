import Crypto

/// The nonces of a `digestAuth`: proof that a login is recent, and that it is used once.
///
/// A nonce says when it was made and is signed, so that nothing has to be remembered of those that are only asked for: a flood of
/// requests without credentials costs nobody his login. Of those that logged somebody in the highest request count is kept until they
/// expire; a count that is not higher is a replay (RFC 7616 §3.4).
final class DigestNonces: Sendable {
    enum Verdict: Sendable, Equatable {
        case good
        /// It was good once: the client may try again with a new one, without asking its user.
        case stale
        case unknown
    }

    /// How long a nonce is good for, in seconds.
    static let lifetime: UInt64 = 1800

    private let key = SymmetricKey(size: .bits256)
    private let counts = SourceTable()
    /// Written back by clients as it is; tells this middleware's logins from others'.
    let opaque: String

    private static let stampLength = 8
    private static let saltLength = 8
    private static let proofLength = 8

    init() {
        opaque = Base64.encode(Self.random(12))
    }

    /// `now`: uptime in seconds.
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

    /// Uses up the request count `count` of a nonce that is good; stale when one as high was used before.
    func use(_ nonce: String, count: UInt32, now: UInt64) -> Verdict {
        guard let issued = issueTime(of: nonce), count > 0 else { return .unknown }
        var text = nonce
        let key = text.withUTF8 { SourceKey.make(UnsafeRawBufferPointer($0)) }
        var verdict = Verdict.stale
        // Counts of nonces that have expired.
        let idle = now > Self.lifetime ? (now - Self.lifetime) << 32 &- 1 : 0
        let place = counts.update(key, idleUpTo: idle) { word in
            guard UInt64(count) > word & 0xFFFF_FFFF else {
                verdict = .stale
                return .leave
            }
            verdict = .good
            return .store(issued << 32 | UInt64(count))
        }
        // With no room to remember the count, the login cannot be told from a replay.
        return place == nil ? .stale : verdict
    }

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
