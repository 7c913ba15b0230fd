import MartinetCore
import MartinetHTTP
import NIOCore

/// Where one request goes and its answer comes from: an HTTP/1.1 connection to a server, or one stream of an HTTP/2 connection.
///
/// ```
///  begin ──► write … ──► finish        answers go to the consumer
///    └──────────┴──────────┴─► abandon
/// ```
///
/// A class with methods to override, like ``ClientStream``: nothing is allocated for going through it. Everything happens on the
/// event loop.
class UpstreamExchange {
    /// Whether there is room for more of the body.
    final var isWritable = true
    /// `host:port` of the server.
    final let peer: String

    init(peer: String) {
        self.peer = peer
    }

    /// Whether the server may still say that it did nothing with the request.
    var maySendBack: Bool { false }

    /// Whether the final head has come.
    var hasAnswered: Bool { false }

    /// Whether a request can switch to another protocol here.
    var takesTunnels: Bool { true }

    // MARK: Sending

    /// Sends the request's head, the body framed as `framing` says. `end`: there is neither body nor trailer section;
    /// ``finish(_:)`` is called all the same.
    func begin(
        _ exchange: Exchange, to server: UpstreamServer, framing: BodyFraming, end: Bool,
        consumer: any UpstreamConsumer
    ) {}

    /// Sends a piece of the body; of a tunnel once the server has switched protocols.
    func write(_ bytes: ByteBuffer) {}

    /// Ends the request.
    func finish(_ trailers: TrailerSection?) {}

    /// Brings what was written on its way.
    func flush() {}

    /// Closes our direction of a tunnel.
    func closeOutput() {}

    // MARK: Ending

    /// Gives up: nothing more is reported.
    func abandon() {}

    /// The answer has begun and nobody wants the rest: nothing more is reported. Where it costs little, the rest is read so that the
    /// connection can serve again.
    func discard() { abandon() }

    /// It was leased, and nobody needs it any more before it began.
    func handBack() {}

    // MARK: Back-pressure

    func pauseReading() {}
    func resumeReading() {}

    /// From now on reads 8 KiB at a time, or as much as comes again: a pause of reading then takes effect sooner.
    func readSparingly(_ sparingly: Bool) {}
}
