package import NIOCore

/// DATA of the peer, and the windows it must keep to (RFC 9113 §6.1, §6.9).
extension HTTP2Session {
    /// Says that so many bytes of a stream were passed on, so that the peer may send as many more. Bytes of streams that are gone
    /// need not be told of.
    package mutating func consume(_ stream: HTTP2StreamID, _ count: Int, into out: inout ByteBuffer) {
        guard !isClosed, count > 0, let index = streams.index(of: stream) else { return }
        let count = min(count, streams[index].unconsumed)
        streams[index].unconsumed -= count
        credit(connection: count, &out)
        credit(at: index, count, &out)
        closeIfEnded(at: index, &out)
    }

    mutating func credit(connection count: Int, _ out: inout ByteBuffer) {
        connectionCredit += count
        guard connectionCredit >= max(65535, limits.connectionWindow) / 2, !isClosed else { return }
        HTTP2FrameWriter.windowUpdate(.connection, connectionCredit, to: &out)
        receiveWindow += connectionCredit
        connectionCredit = 0
    }

    private mutating func credit(at index: Int, _ count: Int, _ out: inout ByteBuffer) {
        streams[index].credit += count
        guard !streams[index].remoteEnded, streams[index].credit >= max(1, streams[index].receiveSpan / 2) else {
            return
        }
        // Who takes what comes gets more of it at a time.
        let span = max(streams[index].receiveSpan, min(limits.streamWindow, 2 &* streams[index].receiveSpan))
        streams[index].credit += span - streams[index].receiveSpan
        streams[index].receiveSpan = span
        HTTP2FrameWriter.windowUpdate(streams[index].id, streams[index].credit, to: &out)
        streams[index].receiveWindow += streams[index].credit
        streams[index].credit = 0
    }

    /// The header of a DATA frame was taken: checks the whole frame, whose payload then is passed on as it comes.
    mutating func beginData(
        _ header: HTTP2FrameHeader, padding: Int, overhead: Int, _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        let rest = header.length - (overhead - padding)
        let count = header.length - overhead
        let ends = header.flags.contains(.endStream)
        payload = .skip(rest)
        guard header.length <= receiveWindow else {
            throw .connection(.flowControlError, "more DATA than the connection's window (RFC 9113 6.9.1)")
        }
        receiveWindow -= header.length
        if count < 5, !ends { try budget.takeTiny() }
        guard let index = streams.index(of: header.stream) else {
            credit(connection: header.length, &out)
            return try receiveLateData(header.stream)
        }
        if let error = check(streams[index], header, count: count, ends: ends) {
            credit(connection: header.length, &out)
            throw error
        }
        streams[index].receiveWindow -= header.length
        if streams[index].bodyLeft >= 0 { streams[index].bodyLeft -= Int64(count) }
        if streams[index].isDiscarding {
            credit(connection: header.length, &out)
            if ends { endRemote(at: index, &out) }
            return nil
        }
        credit(connection: overhead, &out)
        credit(at: index, overhead, &out)
        payload = .data(header.stream, left: count, padding: padding, end: ends)
        return nil
    }

    /// On a closed stream (§5.1).
    private mutating func receiveLateData(_ id: HTTP2StreamID) throws(HTTP2Error) -> HTTP2Event? {
        guard !isIdle(id) else { throw .connection(.protocolError, "DATA on an idle stream (RFC 9113 5.1)") }
        try budget.takeControl()
        if closedStreams.cause(of: id) == .ended {
            throw .stream(id, .streamClosed, "DATA on a closed stream (RFC 9113 5.1)")
        }
        return nil
    }

    private func check(_ stream: HTTP2Stream, _ header: HTTP2FrameHeader, count: Int, ends: Bool) -> HTTP2Error? {
        guard !stream.remoteEnded else {
            return .stream(stream.id, .streamClosed, "DATA behind the end of the stream (RFC 9113 5.1)")
        }
        guard stream.headReceived else {
            return .stream(stream.id, .protocolError, "DATA before the head (RFC 9113 8.1)")
        }
        guard header.length <= stream.receiveWindow else {
            return .stream(stream.id, .flowControlError, "more DATA than the stream's window (RFC 9113 6.9.1)")
        }
        guard stream.bodyLeft >= 0 else { return nil }
        guard Int64(count) <= stream.bodyLeft, !ends || Int64(count) == stream.bodyLeft else {
            return .stream(stream.id, .protocolError, "a body that is not as long as it said (RFC 9113 8.1.1)")
        }
        return nil
    }

    mutating func endRemote(at index: Int, _ out: inout ByteBuffer) {
        streams[index].remoteEnded = true
        closeIfEnded(at: index, &out)
    }

    /// The next piece of a DATA frame's payload.
    mutating func readData(
        _ id: HTTP2StreamID, _ left: Int, _ padding: Int, _ end: Bool, _ input: inout ByteBuffer,
        _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        guard let index = streams.index(of: id), !streams[index].isDiscarding else {
            // The caller reset it in the middle of the frame.
            credit(connection: left, &out)
            payload = .skip(left + padding)
            return nil
        }
        guard left > 0 else {
            payload = padding > 0 ? .skip(padding) : .none
            guard end else { return nil }
            endRemote(at: index, &out)
            return .end(id, nil)
        }
        let count = min(left, input.readableBytes)
        guard count > 0, let piece = input.readSlice(length: count) else { return .needMore }
        streams[index].unconsumed += count
        progress &+= UInt64(count)
        budget.received(count)
        guard count == left else {
            payload = .data(id, left: left - count, padding: padding, end: end)
            return .data(id, piece, end: false)
        }
        payload = padding > 0 ? .skip(padding) : .none
        if end { endRemote(at: index, &out) }
        return .data(id, piece, end: end)
    }
}
