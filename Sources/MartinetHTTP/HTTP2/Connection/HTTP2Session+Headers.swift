import NIOCore

/// HEADERS and CONTINUATION (RFC 9113 §6.2, §6.10), and what they begin or end.
extension HTTP2Session {
    /// Exchanges the head of the last ``HTTP2Event/request(_:end:)`` for `head`, whose memory is used for a later one.
    package mutating func takeRequest(into head: inout RequestHead) {
        swap(&request, &head)
        request.headers.clear()
    }

    /// Exchanges the head of the last ``HTTP2Event/response(_:end:)`` or ``HTTP2Event/interim(_:)`` for `head`.
    package mutating func takeResponse(into head: inout ResponseHead) {
        swap(&response, &head)
        response.headers.clear()
    }

    mutating func receiveHeaders(
        _ header: HTTP2FrameHeader, _ payload: ByteBuffer, _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        guard !header.stream.isConnection else { throw .connection(.protocolError, "HEADERS on stream 0") }
        // Clients open odd streams, and nobody opens even ones here (§5.1.1). On ours that are not open yet nothing can come.
        guard header.stream.isClientInitiated, role == .server || !isIdle(header.stream) else {
            throw .connection(.protocolError, "HEADERS on a stream that cannot be (RFC 9113 5.1.1)")
        }
        var fragment = payload
        var padding = 0
        if header.flags.contains(.padded) {
            guard let length = fragment.readInteger(as: UInt8.self) else { throw Self.shortHeaders }
            padding = Int(length)
        }
        if header.flags.contains(.priority) {
            guard fragment.readableBytes >= 5 else { throw Self.shortHeaders }
            fragment.moveReaderIndex(forwardBy: 5)
        }
        guard padding <= fragment.readableBytes else {
            throw .connection(.protocolError, "more padding than payload (RFC 9113 6.2)")
        }
        fragment.moveWriterIndex(to: fragment.writerIndex - padding)
        let endsStream = header.flags.contains(.endStream)
        if header.flags.contains(.endHeaders) {
            return try receiveSection(header.stream, endsStream: endsStream, fragment, &out)
        }
        assembly = Assembly(stream: header.stream, endsStream: endsStream)
        assembled.clear()
        return try assemble(fragment)
    }

    private static var shortHeaders: HTTP2Error { .connection(.frameSizeError, "HEADERS is too short (RFC 9113 6.2)") }

    mutating func receiveContinuation(
        _ header: HTTP2FrameHeader, _ payload: ByteBuffer, _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        guard var section = assembly else {
            throw .connection(.protocolError, "CONTINUATION without HEADERS (RFC 9113 6.10)")
        }
        section.continuations += 1
        guard section.continuations <= limits.maxContinuations else {
            throw .connection(.enhanceYourCalm, "too many CONTINUATION frames")
        }
        assembly = section
        _ = try assemble(payload)
        guard header.flags.contains(.endHeaders) else { return nil }
        assembly = nil
        var whole = ByteBuffer()
        swap(&whole, &assembled)
        return try receiveSection(section.stream, endsStream: section.endsStream, whole, &out)
    }

    private mutating func assemble(_ fragment: ByteBuffer) throws(HTTP2Error) -> HTTP2Event? {
        guard assembled.readableBytes + fragment.readableBytes <= limits.maxBlockBytes else {
            throw .connection(.enhanceYourCalm, "a field section is too large")
        }
        assembled.writeImmutableBuffer(fragment)
        return nil
    }

    // MARK: Sections

    /// A whole field section. It is decoded whatever becomes of its stream: the table must stay in step with the peer's.
    private mutating func receiveSection(
        _ id: HTTP2StreamID, endsStream: Bool, _ block: ByteBuffer, _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        isReadingHead = false
        // What was refused must not stay in memory with an idle connection.
        defer { section.block.clear() }
        guard let index = streams.index(of: id) else {
            guard role == .server, id > lastPeerStream else { return try receiveLateSection(id, block) }
            return try receiveRequest(id, endsStream: endsStream, block)
        }
        guard !streams[index].remoteEnded else {
            try decode(.discarded, block)
            throw .stream(id, .streamClosed, "HEADERS behind the end of the stream (RFC 9113 5.1)")
        }
        if role == .client, !streams[index].headReceived {
            return try receiveResponse(at: index, endsStream: endsStream, block, &out)
        }
        return try receiveTrailers(at: index, endsStream: endsStream, block, &out)
    }

    private mutating func decode(_ kind: HTTP2FieldSection.Kind, _ block: ByteBuffer) throws(HTTP2Error) {
        section.begin(kind)
        let error: HPACKError? = block.withUnsafeReadableBytes { bytes in
            do throws(HPACKError) {
                try decoder.decode(bytes, into: &section)
                return nil
            } catch {
                return error
            }
        }
        if let error { throw .connection(.compressionError, error.reason) }
    }

    /// On a closed stream (§5.1), or below one that is open: the numbers left out are closed, too (§5.1.1).
    private mutating func receiveLateSection(
        _ id: HTTP2StreamID, _ block: ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        guard !skipped.contains(id) else {
            throw .connection(.protocolError, "a stream below one that was opened (RFC 9113 5.1.1)")
        }
        try decode(.discarded, block)
        try budget.takeControl()
        if role == .server, closedStreams.cause(of: id) == .ended {
            throw .connection(.streamClosed, "HEADERS on a closed stream (RFC 9113 5.1)")
        }
        return nil
    }

    private mutating func receiveRequest(
        _ id: HTTP2StreamID, endsStream: Bool, _ block: ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        let next = HTTP2StreamID(lastPeerStream.isConnection ? 1 : lastPeerStream.number &+ 2)
        if id > next { skipped = next..<id }
        lastPeerStream = id
        // Once the last stream was told, later ones are ignored; the client will send them elsewhere (§6.8).
        if let last = lastServed, id > last {
            try decode(.discarded, block)
            try budget.takeControl()
            return nil
        }
        guard streams.count < limits.maxConcurrentStreams else {
            try decode(.discarded, block)
            throw .stream(id, .refusedStream, "more streams than we allow (RFC 9113 5.1.2)")
        }
        guard !budget.owesTooMuch else {
            try decode(.discarded, block)
            throw .stream(id, .refusedStream, "the client does not read its answers")
        }
        try decode(.request, block)
        budget.opened()
        progress &+= 1
        var stream = newStream(id)
        stream.headReceived = true
        stream.remoteEnded = endsStream
        do throws(HTTP2HeadProblem) {
            try HTTP2RequestSemantics.apply(
                &section, endsStream: endsStream, allowsConnectProtocol: limits.allowsConnectProtocol, to: &request)
        } catch {
            switch error {
            case .malformed(let reason):
                throw .stream(id, .protocolError, reason)
            case .refused(let refusal):
                stream.isDiscarding = true
                streams.insert(stream)
                return .refused(id, refusal)
            }
        }
        stream.isExtendedConnect = section.pseudo.contains(.protocolName)
        stream.bodyLeft = Self.bodyLeft(request.framing)
        streams.insert(stream)
        return .request(id, end: endsStream)
    }

    private mutating func receiveResponse(
        at index: Int, endsStream: Bool, _ block: ByteBuffer, _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        let id = streams[index].id
        try decode(.response, block)
        progress &+= 1
        do throws(HTTP2HeadProblem) {
            try HTTP2ResponseSemantics.apply(
                &section, endsStream: endsStream, method: streams[index].method, to: &response)
        } catch {
            switch error {
            case .malformed(let reason): throw .stream(id, .protocolError, reason)
            case .refused(let refusal): throw .stream(id, .protocolError, refusal.reason)
            }
        }
        if response.isInformational {
            try budget.takeControl()
            return .interim(id)
        }
        streams[index].headReceived = true
        streams[index].bodyLeft = response.framing == .none ? 0 : Self.bodyLeft(response.framing)
        if endsStream {
            streams[index].remoteEnded = true
            closeIfEnded(at: index, &out)
        }
        return .response(id, end: endsStream)
    }

    /// §8.1: a section behind the head ends the message.
    private mutating func receiveTrailers(
        at index: Int, endsStream: Bool, _ block: ByteBuffer, _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        let id = streams[index].id
        try decode(.trailers, block)
        if let problem = section.problem { throw .stream(id, .protocolError, problem) }
        guard endsStream else {
            throw .stream(id, .protocolError, "a second head that does not end the stream (RFC 9113 8.1)")
        }
        guard !section.isTooLarge else { throw .stream(id, .protocolError, "the trailer section is too large") }
        guard streams[index].bodyLeft <= 0 else {
            throw .stream(id, .protocolError, "a body shorter than its length (RFC 9113 8.1.1)")
        }
        let isDiscarding = streams[index].isDiscarding
        streams[index].remoteEnded = true
        closeIfEnded(at: index, &out)
        guard !isDiscarding else { return nil }
        var block = HeaderBlock()
        swap(&block, &section.block)
        (role == .server ? TrailerPolicy.request : .response).filter(&block)
        return .end(id, block.isEmpty ? nil : TrailerSection(block))
    }

    func newStream(_ id: HTTP2StreamID) -> HTTP2Stream {
        HTTP2Stream(id: id, sendWindow: peer.initialWindowSize, receiveWindow: initialReceiveWindow)
    }

    private static func bodyLeft(_ framing: BodyFraming) -> Int64 {
        if case .length(let length) = framing { return Int64(clamping: length) }
        return -1
    }
}
