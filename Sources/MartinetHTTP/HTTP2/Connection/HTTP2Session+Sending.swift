package import NIOCore

/// Messages of ours. All of these do nothing on streams that are gone.
extension HTTP2Session {
    // MARK: Client

    /// What a request's pseudo-headers say beside its head.
    package struct Destination {
        package var isSecure: Bool
        /// Nil for the head's own host.
        package var authority: String?
        /// Before the head's path.
        package var pathPrefix: String

        package init(isSecure: Bool, authority: String? = nil, pathPrefix: String = "") {
            self.isSecure = isSecure
            self.authority = authority
            self.pathPrefix = pathPrefix
        }
    }

    /// Opens a stream with a request's head; nil when ``canOpenStream`` is false, or when the head asks for a tunnel that the server
    /// did not offer (RFC 8441).
    ///
    /// - Parameters:
    ///   - contentLength: written as Content-Length, whatever the head says.
    ///   - mask: names, as bits of ``HeaderID``, of lines that are not to be sent.
    ///   - extra: adds fields behind the head's.
    package mutating func openRequest(
        _ head: borrowing RequestHead, to destination: Destination, contentLength: UInt64? = nil,
        skipping mask: UInt64 = 0, end: Bool, extra: (inout HTTP2FieldWriter) -> Void = { _ in },
        into out: inout ByteBuffer
    ) -> HTTP2StreamID? {
        guard canOpenStream, !head.wantsUpgrade || (peer.enablesConnectProtocol && !end) else { return nil }
        let id = nextLocalStream
        nextLocalStream = HTTP2StreamID(id.number &+ 2)
        var stream = newStream(id)
        stream.method = head.method
        stream.localEnded = end
        streams.insert(stream)
        progress &+= 1
        writer.begin(&out)
        var mask = mask
        if head.wantsUpgrade, let name = head.headers.first(.upgrade) {
            head.headers.withBytes(name) { writer.connect(protocolName: $0) }
            mask |= HeaderID.secWebSocketKey.bit
        } else {
            writer.method(head)
        }
        if head.method != .connect {
            writer.scheme(destination.isSecure)
            writer.path(head, prefix: destination.pathPrefix)
        }
        if let authority = destination.authority {
            writer.authority(authority)
        } else {
            head.headers.withBytes(head.host) { writer.authority($0) }
        }
        writer.add(head.headers, skipping: mask | HeaderID.trailer.bit)
        writer.announce(head.headers, .request)
        if let te = head.headers.first(.te), head.headers.withBytes(te, { ASCII.list($0, contains: "trailers") }) {
            writer.add(.te, "trailers")
        }
        if let contentLength { writer.add(.contentLength, decimal: contentLength) }
        extra(&writer)
        writer.finish(stream: id, endsStream: end, maxFrameSize: peer.maxFrameSize, into: &out)
        return id
    }

    // MARK: Server

    /// Writes an answer's head. Of a tunnel that was asked for by extended CONNECT, the 101 becomes a 200 (RFC 8441 §5).
    ///
    /// - Parameters:
    ///   - contentLength: written as Content-Length, whatever the head says.
    ///   - date: written as Date if the head has none.
    ///   - mask: names, as bits of ``HeaderID``, of lines that are not to be sent.
    package mutating func writeResponse(
        _ stream: HTTP2StreamID, _ head: borrowing ResponseHead, contentLength: UInt64? = nil, date: ByteBuffer? = nil,
        skipping mask: UInt64 = 0, end: Bool, extra: (inout HTTP2FieldWriter) -> Void = { _ in },
        into out: inout ByteBuffer
    ) {
        guard !isClosed, let index = streams.index(of: stream), !streams[index].localEnded else { return }
        let opensTunnel = head.status == 101 && streams[index].isExtendedConnect
        progress &+= 1
        writer.begin(&out)
        writer.status(opensTunnel ? 200 : head.status)
        let tunnel = opensTunnel ? HeaderID.secWebSocketAccept.bit : 0
        writer.add(head.headers, skipping: mask | tunnel | HeaderID.trailer.bit)
        writer.announce(head.headers, .response)
        if let date, !head.headers.contains(.date) { writer.add(.date, date) }
        if let contentLength { writer.add(.contentLength, decimal: contentLength) }
        extra(&writer)
        writer.finish(stream: stream, endsStream: end, maxFrameSize: peer.maxFrameSize, into: &out)
        if end { endLocal(at: index, &out) }
    }

    /// Writes an interim answer, 100 or 103 and the like; 101 has no meaning here and is not written.
    package mutating func writeInterim(
        _ stream: HTTP2StreamID, _ head: borrowing ResponseHead, into out: inout ByteBuffer
    ) {
        guard !isClosed, head.isInformational, head.status != 101, let index = streams.index(of: stream),
            !streams[index].localEnded
        else { return }
        writer.begin(&out)
        writer.status(head.status)
        writer.add(head.headers, skipping: HeaderID.trailer.bit)
        writer.finish(stream: stream, endsStream: false, maxFrameSize: peer.maxFrameSize, into: &out)
    }

    // MARK: Both

    /// Whether a message's head or trailers keep to the size that the peer has asked for (SETTINGS_MAX_HEADER_LIST_SIZE, RFC 9113
    /// §6.5.2). Most peers end the connection over one that does not.
    package func peerTakes(_ block: borrowing HeaderBlock) -> Bool {
        guard let limit = peer.maxHeaderListSize else { return true }
        // Status, date and length, which are not in the block.
        var size = 256
        for entry in block.entries where entry.id.bit & HTTP2FieldWriter.neverWritten == 0 {
            size &+= entry.name.length &+ entry.value.length &+ HPACKDynamicTable.overhead
        }
        return size <= max(limit, 256)
    }

    /// Bytes of DATA that the windows let through now.
    package func sendable(_ stream: HTTP2StreamID) -> Int {
        guard !isClosed, let index = streams.index(of: stream), !streams[index].localEnded else { return 0 }
        return max(0, min(sendWindow, streams[index].sendWindow))
    }

    /// Writes the header of a DATA frame for the next of `available` bytes. Returns how many of them belong into the frame, which
    /// the caller writes right behind it; nil when nothing can be sent now, and then ``HTTP2Event/windowOpened(_:)`` or
    /// ``beginSendingHeldBack()`` tells when it can. `end` counts once all are sent.
    package mutating func writeDataHeader(
        _ stream: HTTP2StreamID, available: Int, end: Bool, into out: inout ByteBuffer
    ) -> Int? {
        guard !isClosed, available > 0 || end, let index = streams.index(of: stream), !streams[index].localEnded else {
            return nil
        }
        let window = max(0, min(sendWindow, streams[index].sendWindow))
        let count = min(available, window, peer.maxFrameSize)
        let isSliver = window < available && window < leastPiece(of: streams[index])
        guard count > 0 || available == 0, !isSliver || sendsAnyPiece else {
            streams[index].waitsForWindow = true
            if sendWindow <= streams[index].sendWindow { connectionWaits = true }
            if window > 0 { isHoldingBack = true }
            return nil
        }
        let ends = end && count == available
        HTTP2FrameHeader(.data, flags: ends ? .endStream : [], stream: stream, length: count).write(to: &out)
        sendWindow -= count
        streams[index].sendWindow -= count
        progress &+= UInt64(count)
        budget.sent(count)
        if ends { endLocal(at: index, &out) }
        return count
    }

    /// Below so many bytes a window of the connection counts as shut while more waits; a stream's likewise, see
    /// ``HTTP2Stream/leastPiece``.
    static let leastPiece = 4096

    private func leastPiece(of stream: HTTP2Stream) -> Int {
        sendWindow < stream.sendWindow ? Self.leastPiece : stream.leastPiece
    }

    /// To be called now and then. True when something is held back because a window is small; it can be sent from now until
    /// ``endSendingHeldBack()``, for the peer may not mean to open the window any further before it has got that.
    package mutating func beginSendingHeldBack() -> Bool {
        guard isHoldingBack else { return false }
        isHoldingBack = false
        sendsAnyPiece = true
        return true
    }

    package mutating func endSendingHeldBack() { sendsAnyPiece = false }

    /// Copies as much of `body` into DATA frames as the windows allow. Returns whether all of it, and the end, was written.
    package mutating func writeData(
        _ stream: HTTP2StreamID, _ body: inout ByteBuffer, end: Bool, into out: inout ByteBuffer
    ) -> Bool {
        while body.readableBytes > 0 || end {
            guard let count = writeDataHeader(stream, available: body.readableBytes, end: end, into: &out),
                let piece = body.readSlice(length: count)
            else { return false }
            out.writeImmutableBuffer(piece)
            if body.readableBytes == 0 { return true }
        }
        return true
    }

    /// Ends a body, with trailers if there are any.
    package mutating func writeEnd(
        _ stream: HTTP2StreamID, trailers: TrailerSection? = nil, into out: inout ByteBuffer
    ) {
        guard let trailers, !trailers.fields.isEmpty else {
            _ = writeDataHeader(stream, available: 0, end: true, into: &out)
            return
        }
        guard !isClosed, let index = streams.index(of: stream), !streams[index].localEnded else { return }
        writer.begin(&out)
        writer.add(trailers.fields, skipping: HeaderID.trailer.bit)
        writer.finish(stream: stream, endsStream: true, maxFrameSize: peer.maxFrameSize, into: &out)
        endLocal(at: index, &out)
    }

    /// Ends a stream at once, either way. A server that has answered in full and does not want the rest of the request's body says
    /// NO_ERROR (RFC 9113 §8.1).
    package mutating func reset(_ stream: HTTP2StreamID, _ code: HTTP2ErrorCode, into out: inout ByteBuffer) {
        guard !isClosed, let index = streams.index(of: stream) else { return }
        HTTP2FrameWriter.reset(stream, code, to: &out)
        if role == .server { budget.answered() }
        close(at: index, .resetByUs, &out)
    }

    package mutating func ping(_ payload: UInt64, into out: inout ByteBuffer) {
        guard !isClosed else { return }
        HTTP2FrameWriter.ping(payload, isAck: false, to: &out)
    }

    private mutating func endLocal(at index: Int, _ out: inout ByteBuffer) {
        streams[index].localEnded = true
        streams[index].waitsForWindow = false
        closeIfEnded(at: index, &out)
    }
}
