import NIOCore

/// Stands in front of the TLS handler during the handshake and reads the cipher suite out of the ServerHello that passes: the TLS
/// library tells the version that was agreed on, but not the suite.
///
/// A HelloRetryRequest looks the same, and names the suite of the ServerHello that follows it (RFC 8446 §4.1.4).
final class ServerHelloWatcher: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = ByteBuffer

    /// The suite's number in the IANA registry; 0 until it is known.
    private(set) var suite: UInt16 = 0

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if suite == 0 { suite = unwrapOutboundIn(data).withUnsafeReadableBytes { Self.suite(in: $0) } ?? 0 }
        context.write(data, promise: promise)
    }

    /// The suite of a ServerHello at the beginning of a record; nil when there is none.
    ///
    /// ```
    ///  0       1        3       5     6       9        11      43
    ///  | 22    | version| length| 2   | length| version| random| length of session, session | suite | …
    /// ```
    static func suite(in bytes: UnsafeRawBufferPointer) -> UInt16? {
        guard bytes.count > 43, bytes[0] == 22, bytes[5] == 2 else { return nil }
        let place = 44 + Int(bytes[43])
        guard bytes.count >= place + 2 else { return nil }
        return UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
    }
}
