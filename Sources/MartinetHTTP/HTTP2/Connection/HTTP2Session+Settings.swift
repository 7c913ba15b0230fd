import NIOCore

/// SETTINGS (RFC 9113 §6.5) and WINDOW_UPDATE (§6.9) of the peer.
extension HTTP2Session {
    mutating func receiveSettings(
        _ header: HTTP2FrameHeader, _ payload: ByteBuffer, _ out: inout ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        guard header.stream.isConnection else { throw .connection(.protocolError, "SETTINGS on a stream") }
        if header.flags.contains(.ack) {
            guard header.length == 0 else { throw .connection(.frameSizeError, "an acknowledgement with settings") }
            return try receiveAck()
        }
        guard header.length % 6 == 0 else {
            throw .connection(.frameSizeError, "SETTINGS is not made of six-byte settings (RFC 9113 6.5)")
        }
        phase = .open
        // Each setting is little work, but a frame can hold thousands.
        try budget.takeControl(1 + header.length / 96)
        try budget.reply()
        var payload = payload
        let window = peer.initialWindowSize
        while let (number, value) = payload.readMultipleIntegers(as: (UInt16, UInt32).self) {
            try peer.apply(number, value, from: role == .server ? .client : .server)
            // Each value by itself: the smallest of them has to be said in the next field section (RFC 7541 §4.2).
            writer.encoder.setPeerLimit(peer.headerTableSize)
        }
        if peer.initialWindowSize != window { try adjustSendWindows(by: peer.initialWindowSize - window) }
        HTTP2FrameWriter.settingsAck(to: &out)
        return .settings
    }

    /// We send our settings once, so there is one acknowledgement to come.
    private mutating func receiveAck() throws(HTTP2Error) -> HTTP2Event? {
        guard !settingsAcked else {
            throw .connection(.protocolError, "settings are acknowledged that were not sent (RFC 9113 6.5.3)")
        }
        settingsAcked = true
        decoder.setLimit(limits.decoderTableSize)
        let window = limits.firstWindow
        if window < initialReceiveWindow {
            let change = window - initialReceiveWindow
            initialReceiveWindow = window
            try streams.update { (stream) throws(HTTP2Error) in
                stream.receiveWindow += change
                stream.receiveSpan += change
            }
        }
        return nil
    }

    /// A new initial window moves those of all streams (§6.9.2).
    private mutating func adjustSendWindows(by change: Int) throws(HTTP2Error) {
        try streams.update { (stream) throws(HTTP2Error) in
            stream.sendWindow += change
            // A smaller one is a wish for smaller pieces.
            stream.largestSendWindow = max(stream.sendWindow, peer.initialWindowSize)
            guard stream.sendWindow <= HTTP2Settings.largestWindow else {
                throw .connection(.flowControlError, "a window grows beyond 2^31-1 (RFC 9113 6.9.2)")
            }
            if stream.sendWindow > 0 { stream.waitsForWindow = false }
        }
    }

    mutating func receiveWindowUpdate(
        _ header: HTTP2FrameHeader, _ payload: ByteBuffer
    ) throws(HTTP2Error) -> HTTP2Event? {
        guard header.length == 4, let word = payload.getInteger(at: payload.readerIndex, as: UInt32.self) else {
            throw .connection(.frameSizeError, "WINDOW_UPDATE is not 4 bytes long (RFC 9113 6.9)")
        }
        let increment = Int(word & 0x7FFF_FFFF)
        try budget.takeWindowUpdate()
        guard !header.stream.isConnection else { return try openConnectionWindow(increment) }
        guard !isIdle(header.stream) else {
            throw .connection(.protocolError, "WINDOW_UPDATE on an idle stream (RFC 9113 5.1)")
        }
        guard let index = streams.index(of: header.stream) else {
            try budget.takeControl()
            return nil
        }
        guard increment > 0 else {
            throw .stream(header.stream, .protocolError, "WINDOW_UPDATE of 0 (RFC 9113 6.9)")
        }
        streams[index].sendWindow += increment
        guard streams[index].sendWindow <= HTTP2Settings.largestWindow else {
            throw .stream(header.stream, .flowControlError, "a window grows beyond 2^31-1 (RFC 9113 6.9.1)")
        }
        streams[index].largestSendWindow = max(streams[index].largestSendWindow, streams[index].sendWindow)
        guard streams[index].waitsForWindow, streams[index].sendWindow > 0 else { return nil }
        streams[index].waitsForWindow = false
        return .windowOpened(header.stream)
    }

    private mutating func openConnectionWindow(_ increment: Int) throws(HTTP2Error) -> HTTP2Event? {
        guard increment > 0 else { throw .connection(.protocolError, "WINDOW_UPDATE of 0 (RFC 9113 6.9)") }
        sendWindow += increment
        guard sendWindow <= HTTP2Settings.largestWindow else {
            throw .connection(.flowControlError, "the window grows beyond 2^31-1 (RFC 9113 6.9.1)")
        }
        guard connectionWaits else { return nil }
        connectionWaits = false
        try streams.update { (stream) throws(HTTP2Error) in
            if stream.sendWindow > 0 { stream.waitsForWindow = false }
        }
        return .windowOpened(.connection)
    }
}
