/// Bounds on what one HTTP/2 connection may cost. Sizes in bytes.
///
/// The budgets are buckets of tokens: each costly frame takes one, time gives them back once ``HTTP2Session/advance(to:)`` is
/// called, and so does useful work where said so. A bucket that is empty ends the connection with ENHANCE_YOUR_CALM.
package struct HTTP2Limits: Sendable {
    /// Streams a client may have open at once (Traefik's `http2.maxConcurrentStreams`). Default 100; 0 refuses all.
    package var maxConcurrentStreams = 100
    /// Bytes a peer may send on a stream ahead of what we have taken. Default 256 KiB.
    package var streamWindow = 262_144
    /// The same before we have taken any; it doubles from there as we do. Default: as `streamWindow`.
    package var initialStreamWindow = Int.max
    /// The same for all streams of a connection; at least 65,535. Default 1 MiB.
    package var connectionWindow = 1_048_576
    /// Largest payload of a received frame; 16,384 to 16,777,215. Default 16,384.
    package var maxFrameSize = 16384
    /// A decoded field section, each field counting 32 bytes more. Larger requests are answered with 431. Default 64 KiB.
    package var maxHeaderListBytes = 65536
    /// Fields of a section, pseudo-headers and crumbs of cookies included. Default 200.
    package var maxFields = 200
    /// HPACK table for what we receive (Traefik's `http2.maxDecoderHeaderTableSize`). Default 4,096.
    package var decoderTableSize = 4096
    /// HPACK table for what we send (Traefik's `http2.maxEncoderHeaderTableSize`); the peer may want a smaller one. Default 4,096.
    package var encoderTableSize = 4096
    /// CONTINUATION frames of a field section (CVE-2024-27316). Default 16.
    package var maxContinuations = 16
    /// Whether clients may use extended CONNECT (RFC 8441). Default no, as in Traefik.
    package var allowsConnectProtocol = false

    /// Streams that end with RST_STREAM, the peer's (CVE-2023-44487) or ours for a fault of the peer (CVE-2025-8671), beyond twice
    /// the streams that may be open at once. Default 200, one given back each 150 ms.
    package var resets = Budget(burst: 200, nanosecondsPerToken: 150_000_000)
    /// PING, SETTINGS, PRIORITY, GOAWAY, unknown frames, interim answers, and frames on streams long closed. Default 1,000; 50 a
    /// second are given back, two for each request, and one for each 256 bytes of DATA either way.
    package var controlFrames = Budget(burst: 1000, nanosecondsPerToken: 20_000_000)
    /// WINDOW_UPDATE. Default 4,000; 500 a second are given back, and one for each 128 bytes of DATA we send, so that a peer may
    /// give back to the stream and to the connection each frame by itself. One that opens its window byte by byte makes us send ten
    /// bytes for each.
    package var windowUpdates = Budget(burst: 4000, nanosecondsPerToken: 2_000_000)
    /// DATA frames of less than five bytes, fewer than gRPC and WebSocket need for an empty message, that do not end a stream.
    /// Default 1,000; 100 a second are given back.
    package var tinyData = Budget(burst: 1000, nanosecondsPerToken: 10_000_000)
    /// Frames we owe a peer that does not read, see ``HTTP2Session/outputFlushed()``. Default 1,000.
    package var maxQueuedReplies = 1000

    package struct Budget: Sendable, Equatable {
        /// Tokens there are at first, and at most.
        package var burst: Int
        package var nanosecondsPerToken: UInt64

        package init(burst: Int, nanosecondsPerToken: UInt64) {
            self.burst = burst
            self.nanosecondsPerToken = nanosecondsPerToken
        }
    }

    package init() {}

    /// Towards backends. Requests of different clients share a connection, and what one of them sends must not show in how well
    /// another's compresses (RFC 7541 §7.1), so nothing is put into the encoder's table. Backends may reset more often: each of
    /// their clients' faults is one of ours to them. Streams begin with a small window: what a client that takes nothing makes us keep
    /// of answers is bounded by it.
    package static var backend: HTTP2Limits {
        var limits = HTTP2Limits()
        limits.encoderTableSize = 0
        limits.initialStreamWindow = 65535
        limits.resets = Budget(burst: 10_000, nanosecondsPerToken: 1_000_000)
        return limits
    }

    /// SETTINGS_INITIAL_WINDOW_SIZE.
    var firstWindow: Int { max(0, min(initialStreamWindow, streamWindow, HTTP2Settings.largestWindow)) }

    /// An encoded field section: twice the decoded one, which only a section without any compression reaches.
    var maxBlockBytes: Int { max(32768, maxHeaderListBytes &* 2) }
}
