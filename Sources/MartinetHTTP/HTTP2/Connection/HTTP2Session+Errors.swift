import NIOCore

/// Errors and the ways to end streams (RFC 9113 §5.4).
extension HTTP2Session {
    mutating func handle(_ error: HTTP2Error, _ out: inout ByteBuffer) -> HTTP2Event? {
        switch error {
        case .connection(let code, let reason):
            return fail(code, reason, &out)
        case .stream(let id, let code, _):
            do throws(HTTP2Error) {
                // A server made to reset its own streams works as much in vain as one whose client does (CVE-2025-8671).
                try budget.takeReset()
                try budget.reply()
            } catch {
                return handle(error, &out)
            }
            guard let index = streams.index(of: id) else {
                guard closedStreams.cause(of: id) != .resetByUs else { return nil }
                HTTP2FrameWriter.reset(id, code, to: &out)
                closedStreams.set(id, .resetByUs)
                return nil
            }
            HTTP2FrameWriter.reset(id, code, to: &out)
            let wasDiscarding = streams[index].isDiscarding
            let wasSeen = role == .client || streams[index].headReceived
            close(at: index, .resetByUs, &out)
            return wasSeen && !wasDiscarding ? .reset(id, code, byPeer: false) : nil
        }
    }

    private mutating func fail(_ code: HTTP2ErrorCode, _ reason: StaticString, _ out: inout ByteBuffer) -> HTTP2Event {
        HTTP2FrameWriter.goAway(last: lastToServe, code, reason, to: &out)
        phase = .closed
        return .connectionError(code, reason)
    }

    /// The last stream that was served, for GOAWAY: it never grows again once it was told (§6.8).
    var lastToServe: HTTP2StreamID { min(lastPeerStream, lastServed ?? .last) }

    /// Forgets a stream, and gives back to the connection what was not consumed of it.
    mutating func close(at index: Int, _ cause: HTTP2ClosedStreams.Cause, _ out: inout ByteBuffer) {
        let stream = streams[index]
        closedStreams.insert(stream.id, cause)
        streams.remove(at: index)
        credit(connection: stream.unconsumed, &out)
    }

    /// Closes a stream that both sides have ended. A client keeps it while its body is not consumed: what waits for a slow reader
    /// counts against the connection's window.
    mutating func closeIfEnded(at index: Int, _ out: inout ByteBuffer) {
        let stream = streams[index]
        guard stream.isClosed, role == .server || stream.unconsumed == 0 else { return }
        if role == .server { budget.answered() }
        close(at: index, .ended, &out)
    }

    /// Whether a stream was never opened (§5.1).
    func isIdle(_ id: HTTP2StreamID) -> Bool {
        id.isClientInitiated == (role == .client) ? id >= nextLocalStream : id > lastPeerStream
    }
}
