import MartinetCore
import MartinetHTTP
import NIOCore

/// Who an ``UpstreamExchange`` reports to. All calls on the event loop; after `upstreamEnded` or
/// `upstreamFailed` none follows.
protocol UpstreamConsumer: AnyObject {
    /// An interim answer other than 100 (which is swallowed) is in the exchange's response.
    func upstreamInterim()
    /// The final head is in the exchange's response.
    func upstreamHead()
    /// 101: the head is in the exchange's response; from now on bytes pass as they come.
    func upstreamSwitched()
    /// A piece of the body, never empty; of a tunnel after `upstreamSwitched`.
    func upstreamBody(_ bytes: ByteBuffer)
    /// Trailer lines of the answer, just before its end; nil for none.
    func upstreamTrailers(_ trailers: TrailerSection?)
    /// The answer is complete, and the server has authenticated the connection: it is this consumer's from now on, to lease again
    /// or to close. `upstreamEnded` follows.
    func upstreamKept(_ connection: UpstreamConnection)
    /// The answer is complete. The connection has gone back to its pool, or is closing, or was kept.
    func upstreamEnded()
    func upstreamFailed(_ error: UpstreamError)
    /// What was readable has been delivered: a good moment to flush.
    func upstreamPaused()
    /// The connection takes more, after it did not.
    func upstreamWritable()
}
