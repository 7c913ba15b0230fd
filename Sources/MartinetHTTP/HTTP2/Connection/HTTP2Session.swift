package import NIOCore

/// One HTTP/2 connection (RFC 9113), in either role: bytes in, events out, bytes out into a buffer of the caller. No I/O, no clock.
///
/// Received bytes are pulled through ``next(_:_:)`` until it needs more; between two calls the caller may do what it likes with the
/// session, so that a request can be answered from within the loop that received it:
///
/// ```
///   start ─► output        preface and settings
///   next(input, output) ─► .request, .data, … .needMore
///   writeResponse, writeData, writeTrailers, reset ─► output
///   consume ─► output      window updates, as fast as the body is passed on
/// ```
///
/// Nothing is allocated for a frame: heads are exchanged with the caller's, bodies are slices of what was read. Not copyable; a
/// connection's handler owns it, on its event loop.
package struct HTTP2Session: ~Copyable {
    enum Phase {
        /// Waiting for the client's preface.
        case preface
        /// Waiting for the SETTINGS frame that must come first.
        case settings
        case open
        case closed
    }

    /// What is left of a frame whose payload is taken as it comes.
    enum Payload {
        case none
        /// DATA of a stream.
        case data(HTTP2StreamID, left: Int, padding: Int, end: Bool)
        case skip(Int)
    }

    /// A field section that waits for its CONTINUATION frames.
    struct Assembly {
        var stream: HTTP2StreamID
        var endsStream: Bool
        var continuations = 0
    }

    package let role: HTTP2Role
    package let limits: HTTP2Limits
    /// What the peer said of itself, or the protocol's defaults until it does.
    package internal(set) var peer = HTTP2Settings()

    var phase: Phase
    var payload = Payload.none
    var assembly: Assembly?
    var assembled = ByteBuffer()
    var decoder: HPACKDecoder
    var writer: HTTP2FieldWriter
    var section: HTTP2FieldSection
    var request = RequestHead()
    var response = ResponseHead()

    var streams = HTTP2StreamTable()
    var closedStreams = HTTP2ClosedStreams()
    var budget: HTTP2FloodBudget
    /// The last stream the peer opened, and the next that we can open.
    var lastPeerStream = HTTP2StreamID.connection
    var nextLocalStream = HTTP2StreamID(1)
    /// The numbers that the client left out before the last stream that it did not open in turn.
    var skipped: Range<HTTP2StreamID> = .connection..<(.connection)

    var sendWindow = 65535
    var receiveWindow = 65535
    var connectionCredit = 0
    /// Bytes the peer may send on a new stream, as far as it can know.
    var initialReceiveWindow: Int
    var connectionWaits = false
    /// A stream waits for a larger window than it has.
    var isHoldingBack = false
    var sendsAnyPiece = false

    var settingsAcked = false
    var sentShutdownPing = false
    /// The last stream we serve, once we have said so.
    var lastServed: HTTP2StreamID?
    /// The last of our streams that the peer serves, once it has said so.
    var lastProcessed: HTTP2StreamID?
    /// Streams above `lastProcessed` are still in the table.
    var hasUnprocessed = false

    /// Grows with every head and every byte of a body, either way. A timer that finds it unchanged while streams are open has found
    /// a peer that stalls, be it by a window that stays shut.
    package internal(set) var progress: UInt64 = 0
    /// Whether a field section has begun to come and not ended.
    package internal(set) var isReadingHead = false

    package init(role: HTTP2Role, limits: HTTP2Limits = HTTP2Limits()) {
        self.role = role
        self.limits = limits
        phase = role == .server ? .preface : .settings
        decoder = HPACKDecoder(limit: max(4096, limits.decoderTableSize))
        writer = HTTP2FieldWriter(tableLimit: limits.encoderTableSize)
        section = HTTP2FieldSection(maxBytes: limits.maxHeaderListBytes, maxFields: limits.maxFields)
        budget = HTTP2FloodBudget(limits)
        // Until the peer has acknowledged our settings it may go by the default, and by ours once it has read them.
        initialReceiveWindow = max(65535, limits.firstWindow)
    }

    /// Writes what a connection begins with: the client's preface, our settings, and the connection's window.
    package mutating func start(into out: inout ByteBuffer) {
        if role == .client { out.writeStaticString(HTTP2FrameWriter.preface) }
        var values: [(HTTP2Settings.ID, UInt32)] = [
            (.initialWindowSize, UInt32(clamping: limits.firstWindow)),
            (.maxHeaderListSize, UInt32(clamping: limits.maxHeaderListBytes)),
        ]
        switch role {
        case .client:
            values.append((.enablePush, 0))
        case .server:
            values.append((.maxConcurrentStreams, UInt32(clamping: limits.maxConcurrentStreams)))
            if limits.allowsConnectProtocol { values.append((.enableConnectProtocol, 1)) }
        }
        if limits.decoderTableSize != 4096 {
            values.append((.headerTableSize, UInt32(clamping: limits.decoderTableSize)))
        }
        if maxFrameSize != 16384 { values.append((.maxFrameSize, UInt32(clamping: maxFrameSize))) }
        HTTP2FrameWriter.settings(values, to: &out)
        let window = min(limits.connectionWindow, HTTP2Settings.largestWindow)
        if window > receiveWindow {
            HTTP2FrameWriter.windowUpdate(.connection, window - receiveWindow, to: &out)
            receiveWindow = window
        }
    }

    /// What the bytes in `input` amount to next. Call until it needs more; then append to `input` and call again. Answers that the
    /// protocol asks for are appended to `output`.
    package mutating func next(_ input: inout ByteBuffer, _ output: inout ByteBuffer) -> HTTP2Event {
        while true {
            do throws(HTTP2Error) {
                if let event = try step(&input, &output) { return event }
            } catch {
                if let event = handle(error, &output) { return event }
            }
        }
    }

    /// Tells the time, in nanoseconds of a clock that does not go back; once for what was read together is enough. Without it, budgets
    /// are for the whole connection.
    package mutating func advance(to now: UInt64) { budget.advance(to: now) }

    /// To be called when all output was written to the socket.
    package mutating func outputFlushed() { budget.allSent() }

    /// To be called when output has to wait for the socket, unless an earlier mark is still in it: ``markedOutputFlushed()`` is owed
    /// once what was written until now has left. Returns false when that need not be known.
    package mutating func markOutput() -> Bool { budget.mark() }

    package mutating func markedOutputFlushed() { budget.markedSent() }

    // MARK: State

    /// Streams that are open or half-closed.
    package var openStreams: Int { streams.count }

    /// Whether nothing more will be received or may be sent.
    package var isClosed: Bool {
        if case .closed = phase { return true }
        return false
    }

    /// Whether the connection has been or is being shut down and no stream is left, so that it can be closed.
    package var isDrained: Bool {
        streams.count == 0 && (isClosed || lastServed.map { $0 < .last } ?? false || lastProcessed != nil)
    }

    /// Whether ``openRequest(_:_:end:extra:into:)`` can open a stream now.
    package var canOpenStream: Bool {
        guard role == .client, !isClosed, lastProcessed == nil, lastServed == nil, nextLocalStream <= .last else {
            return false
        }
        return streams.count < (peer.maxConcurrentStreams ?? 100)
    }

    /// Whether a stream cannot send because the peer's window is shut.
    package var waitsForWindow: Bool { streams.first { $0.waitsForWindow } != nil }

    package func isOpen(_ stream: HTTP2StreamID) -> Bool { streams.index(of: stream) != nil }

    var maxFrameSize: Int {
        min(max(limits.maxFrameSize, HTTP2Settings.frameSizes.lowerBound), HTTP2Settings.frameSizes.upperBound)
    }
}
