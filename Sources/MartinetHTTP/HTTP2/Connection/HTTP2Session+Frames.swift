import NIOCore

/// Takes frames out of the received bytes, one step at a time.
extension HTTP2Session {
    /// One step; nil when there may be more to do.
    mutating func step(_ input: inout ByteBuffer, _ out: inout ByteBuffer) throws(HTTP2Error) -> HTTP2Event? {
        switch phase {
        case .closed:
            input.moveReaderIndex(to: input.writerIndex)
            return .needMore
        case .preface:
            return try readPreface(&input)
        case .settings, .open:
            break
        }
        if hasUnprocessed, let event = nextUnprocessed(&out) { return event }
        switch payload {
        case .none:
            return try readFrame(&input, &out)
        case .skip(let left):
            let count = min(left, input.readableBytes)
            input.moveReaderIndex(forwardBy: count)
            payload = count < left ? .skip(left - count) : .none
            return count < left ? .needMore : nil
        case .data(let stream, let left, let padding, let end):
            return try readData(stream, left, padding, end, &input, &out)
        }
    }

    /// §3.4. Compared as it comes, so that a client of another protocol does not wait for an answer.
    private mutating func readPreface(_ input: inout ByteBuffer) throws(HTTP2Error) -> HTTP2Event? {
        let preface = HTTP2FrameWriter.preface.bytes
        let count = min(preface.count, input.readableBytes)
        let agrees = input.withUnsafeReadableBytes { $0.prefix(count).elementsEqual(preface.prefix(count)) }
        guard agrees else { throw .connection(.protocolError, "no HTTP/2 preface") }
        guard count == preface.count else { return .needMore }
        input.moveReaderIndex(forwardBy: count)
        phase = .settings
        return nil
    }

    private mutating func readFrame(
        _ input: inout ByteBuffer, _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        guard let header = HTTP2FrameHeader(peeking: input) else { return .needMore }
        guard header.length <= maxFrameSize else {
            throw .connection(.frameSizeError, "a frame larger than we allow (RFC 9113 4.2)")
        }
        if case .settings = phase {
            guard header.kind == .settings, !header.flags.contains(.ack) else {
                throw .connection(.protocolError, "the first frame is not SETTINGS (RFC 9113 3.4)")
            }
        }
        if let assembly, header.kind != .continuation || header.stream != assembly.stream {
            throw .connection(.protocolError, "a frame within a field section (RFC 9113 6.10)")
        }
        switch header.kind {
        case .data:
            return try readDataHeader(header, &input, &out)
        case .unknown:
            input.moveReaderIndex(forwardBy: HTTP2FrameHeader.length)
            payload = .skip(header.length)
            try budget.takeControl()
            return nil
        case .headers, .continuation:
            isReadingHead = true
            fallthrough
        default:
            break
        }
        // The header must not be taken before all of the payload has come: the next call begins here again.
        guard input.readableBytes - HTTP2FrameHeader.length >= header.length else { return .needMore }
        input.moveReaderIndex(forwardBy: HTTP2FrameHeader.length)
        guard let payload = input.readSlice(length: header.length) else { return .needMore }
        return try dispatch(header, payload, &out)
    }

    /// §6.1. The length of the padding is read together with the header.
    private mutating func readDataHeader(
        _ header: HTTP2FrameHeader, _ input: inout ByteBuffer, _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        guard !header.stream.isConnection else { throw .connection(.protocolError, "DATA on stream 0") }
        guard header.flags.contains(.padded) else {
            input.moveReaderIndex(forwardBy: HTTP2FrameHeader.length)
            return try beginData(header, padding: 0, overhead: 0, &out)
        }
        guard header.length > 0 else { throw .connection(.frameSizeError, "DATA without its padding's length") }
        guard
            let padding = input.getInteger(at: input.readerIndex + HTTP2FrameHeader.length, as: UInt8.self)
                .map({ Int($0) })
        else { return .needMore }
        guard padding < header.length else {
            throw .connection(.protocolError, "more padding than payload (RFC 9113 6.1)")
        }
        input.moveReaderIndex(forwardBy: HTTP2FrameHeader.length + 1)
        return try beginData(header, padding: padding, overhead: padding + 1, &out)
    }

    private mutating func dispatch(
        _ header: HTTP2FrameHeader, _ payload: ByteBuffer, _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        switch header.kind {
        case .headers: return try receiveHeaders(header, payload, &out)
        case .continuation: return try receiveContinuation(header, payload, &out)
        case .priority: try receivePriority(header)
        case .rstStream: return try receiveReset(header, payload, &out)
        case .settings: return try receiveSettings(header, payload, &out)
        case .ping: return try receivePing(header, payload, &out)
        case .goAway: return try receiveGoAway(header, payload)
        case .windowUpdate: return try receiveWindowUpdate(header, payload)
        case .pushPromise:
            // Clients never push, and servers were told not to (§8.4).
            throw .connection(.protocolError, "PUSH_PROMISE (RFC 9113 8.4)")
        case .data, .unknown: break
        }
        return nil
    }

    /// Priorities are ignored (§5.3.2), self-dependencies included; only their number and length count.
    private mutating func receivePriority(_ header: HTTP2FrameHeader) throws(HTTP2Error) {
        guard !header.stream.isConnection else { throw .connection(.protocolError, "PRIORITY on stream 0") }
        try budget.takeControl()
        guard header.length == 5 else {
            throw streamError(header.stream, .frameSizeError, "PRIORITY is not 5 bytes long (RFC 9113 6.3)")
        }
    }

    /// A stream error; of a stream that was never opened it is the connection's (§5.1).
    func streamError(
        _ stream: HTTP2StreamID, _ code: HTTP2ErrorCode, _ reason: StaticString
    ) -> HTTP2Error {
        isIdle(stream) ? .connection(code, reason) : .stream(stream, code, reason)
    }

    private mutating func receiveReset(
        _ header: HTTP2FrameHeader, _ payload: ByteBuffer, _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        guard header.length == 4, let number = payload.getInteger(at: payload.readerIndex, as: UInt32.self) else {
            throw .connection(.frameSizeError, "RST_STREAM is not 4 bytes long (RFC 9113 6.4)")
        }
        guard !header.stream.isConnection, !isIdle(header.stream) else {
            throw .connection(.protocolError, "RST_STREAM on an idle stream (RFC 9113 6.4)")
        }
        guard let index = streams.index(of: header.stream) else {
            try budget.takeControl()
            return nil
        }
        let stream = streams[index]
        let code = HTTP2ErrorCode(rawValue: number)
        // A server that has answered in full may stop the request's body like this (§8.1).
        let isHarmless = role == .client && stream.remoteEnded && code == .noError
        close(at: index, .ended, &out)
        if !isHarmless { try budget.takeReset() }
        return stream.isDiscarding ? nil : .reset(header.stream, code, byPeer: true)
    }

    private mutating func receivePing(
        _ header: HTTP2FrameHeader, _ payload: ByteBuffer, _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        guard header.stream.isConnection else { throw .connection(.protocolError, "PING on a stream") }
        guard header.length == 8, let value = payload.getInteger(at: payload.readerIndex, as: UInt64.self) else {
            throw .connection(.frameSizeError, "PING is not 8 bytes long (RFC 9113 6.7)")
        }
        try budget.takeControl()
        guard header.flags.contains(.ack) else {
            try budget.reply()
            HTTP2FrameWriter.ping(value, isAck: true, to: &out)
            return nil
        }
        if sentShutdownPing, value == Self.shutdownPing {
            sentShutdownPing = false
            finishShutdown(into: &out)
            return nil
        }
        return .pong(value)
    }
}
