package import NIOCore

/// GOAWAY, both ways (RFC 9113 §6.8).
extension HTTP2Session {
    /// Tells our own PING of a shutdown from those of the caller.
    static let shutdownPing: UInt64 = 0x6D61_7274_696E_6574

    /// Begins to end the connection without losing a request. A server says so, and goes on taking what clients sent before they
    /// knew; the answer to a PING behind it tells that they do, and then the last stream is named. A client opens no more streams.
    /// Either way ``isDrained`` tells when the last stream has ended.
    package mutating func beginShutdown(into out: inout ByteBuffer) {
        guard !isClosed, lastServed == nil else { return }
        guard role == .server else {
            lastServed = .connection
            HTTP2FrameWriter.goAway(last: .connection, .noError, "", to: &out)
            return
        }
        lastServed = .last
        sentShutdownPing = true
        HTTP2FrameWriter.goAway(last: .last, .noError, "", to: &out)
        HTTP2FrameWriter.ping(Self.shutdownPing, isAck: false, to: &out)
    }

    /// Names the last stream that is served. The session does so itself once the peer has answered; a caller whose patience is at
    /// an end does it sooner.
    package mutating func finishShutdown(into out: inout ByteBuffer) {
        guard !isClosed, role == .server, lastServed ?? .last == .last else { return }
        lastServed = lastPeerStream
        HTTP2FrameWriter.goAway(last: lastPeerStream, .noError, "", to: &out)
    }

    /// Ends the connection and all its streams at once: a timeout, or a fault of our own.
    package mutating func close(_ code: HTTP2ErrorCode, _ reason: StaticString, into out: inout ByteBuffer) {
        guard !isClosed else { return }
        HTTP2FrameWriter.goAway(last: lastToServe, code, reason, to: &out)
        phase = .closed
    }

    mutating func receiveGoAway(
        _ header: HTTP2FrameHeader, _ payload: ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        guard header.stream.isConnection else { throw .connection(.protocolError, "GOAWAY on a stream") }
        guard let (last, code) = payload.getMultipleIntegers(at: payload.readerIndex, as: (UInt32, UInt32).self) else {
            throw .connection(.frameSizeError, "GOAWAY is too short (RFC 9113 6.8)")
        }
        try budget.takeControl()
        // It must not grow; should it, the streams above the first are gone already.
        let stream = min(HTTP2StreamID(last & 0x7FFF_FFFF), lastProcessed ?? .last)
        lastProcessed = stream
        hasUnprocessed = role == .client
        return .goAway(last: stream, HTTP2ErrorCode(rawValue: code))
    }

    /// The next stream of ours that the peer will not serve.
    mutating func nextUnprocessed(_ out: inout ByteBuffer) -> HTTP2Event? {
        guard let last = lastProcessed, let stream = streams.first(where: { $0.id > last && !$0.remoteEnded }),
            let index = streams.index(of: stream.id)
        else {
            hasUnprocessed = false
            return nil
        }
        close(at: index, .ended, &out)
        return .unprocessed(stream.id)
    }
}
