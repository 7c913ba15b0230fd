package import NIOCore

/// What a body decoder found.
package enum HTTP1BodyEvent: Sendable {
    case needMore
    /// A piece of the body, a slice of what was read; never empty.
    case data(ByteBuffer)
    case end
    case refused(HTTP1Refusal)
}

/// Takes a message body out of the bytes that carry it (RFC 9112 §6 and §7).
///
/// ```
/// length:  data… ─► end
/// chunked: size line ─► data… ─► CRLF ─► size line … ─► "0" ─► trailers ─► end
/// ```
package struct HTTP1BodyDecoder {
    private enum State: Sendable {
        case length(UInt64)
        case untilClose
        case chunkSize
        case chunkData(UInt64)
        case chunkEnd
        case trailers
        case done
    }

    private let limits: HTTP1Limits
    private let policy: TrailerPolicy
    private var state: State
    private var scanner = HeadScanner()
    /// Framing bytes and body bytes so far: a body that is nearly all framing is an attack on the reader.
    private var overhead: UInt64 = 0
    private var payload: UInt64 = 0
    /// Trailer lines that may be passed on; nil for none.
    package private(set) var trailers: TrailerSection?

    /// - Parameter trailers: which trailer fields are kept; by default those that a request may have.
    package init(framing: BodyFraming, limits: HTTP1Limits = HTTP1Limits(), trailers policy: TrailerPolicy = .request) {
        self.limits = limits
        self.policy = policy
        switch framing {
        case .none: state = .done
        case .length(let count): state = count > 0 ? .length(count) : .done
        case .chunked: state = .chunkSize
        case .untilClose: state = .untilClose
        }
    }

    package var isComplete: Bool {
        if case .done = state { return true }
        return false
    }

    /// The next piece in `buffer`. Call until it needs more, ends or refuses.
    package mutating func next(_ buffer: inout ByteBuffer) -> HTTP1BodyEvent {
        while true {
            switch state {
            case .done:
                return .end
            case .untilClose:
                let count = buffer.readableBytes
                guard count > 0, let piece = buffer.readSlice(length: count) else { return .needMore }
                return .data(piece)
            case .length(let left):
                guard let piece = take(left, from: &buffer) else { return .needMore }
                let rest = left - UInt64(piece.readableBytes)
                state = rest > 0 ? .length(rest) : .done
                return .data(piece)
            case .chunkSize:
                if let event = readSize(&buffer) { return event }
            case .chunkData(let left):
                guard let piece = take(left, from: &buffer) else { return .needMore }
                payload &+= UInt64(piece.readableBytes)
                let rest = left - UInt64(piece.readableBytes)
                state = rest > 0 ? .chunkData(rest) : .chunkEnd
                return .data(piece)
            case .chunkEnd:
                guard let end = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self) else {
                    let first = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self)
                    return first == nil || first == 0x0D ? .needMore : .refused(.bad("a chunk is longer than it said"))
                }
                guard end == 0x0D0A else { return .refused(.bad("a chunk is longer than it said")) }
                buffer.moveReaderIndex(forwardBy: 2)
                overhead &+= 2
                state = .chunkSize
            case .trailers:
                return readTrailers(&buffer)
            }
        }
    }

    private func take(_ left: UInt64, from buffer: inout ByteBuffer) -> ByteBuffer? {
        let count = min(UInt64(buffer.readableBytes), left)
        guard count > 0 else { return nil }
        return buffer.readSlice(length: Int(count))
    }

    /// Reads a size line; nil when it was whole and the state has moved on.
    private mutating func readSize(_ buffer: inout ByteBuffer) -> HTTP1BodyEvent? {
        let limit = limits.maxChunkLine
        let line = buffer.withUnsafeReadableBytes { ChunkLine.parse($0, limit: limit) }
        switch line {
        case .incomplete:
            return .needMore
        case .malformed:
            return .refused(.bad("a malformed chunk size line (RFC 9112 7.1)"))
        case .size(let size, let length):
            buffer.moveReaderIndex(forwardBy: length)
            overhead &+= UInt64(length)
            // Senders of tiny chunks are served; senders of tiny chunks with long extensions are not.
            guard overhead < 16384 || overhead / 16 <= payload else {
                return .refused(.bad("a chunked body that is nearly all framing"))
            }
            state = size > 0 ? .chunkData(size) : .trailers
            return nil
        }
    }

    private mutating func readTrailers(_ buffer: inout ByteBuffer) -> HTTP1BodyEvent {
        // The usual end: no trailers.
        if scanner.lines == 0, let end = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self), end == 0x0D0A {
            buffer.moveReaderIndex(forwardBy: 2)
            state = .done
            return .end
        }
        switch buffer.withUnsafeReadableBytes({ scanner.scan($0) }) {
        case .nothing:
            return buffer.readableBytes > limits.maxTrailerBytes
                ? .refused(.bad("the trailer section is too large")) : .needMore
        case .bareLineFeed:
            return .refused(.bad("a trailer line ends without a carriage return"))
        case .end(let length):
            guard length <= limits.maxTrailerBytes, let wire = buffer.readSlice(length: length) else {
                return .refused(.bad("the trailer section is too large"))
            }
            var block = HeaderBlock()
            block.reset(wire: wire)
            let fields = limits.maxFields
            if let refusal = wire.withUnsafeReadableBytes({
                FieldParser.parse($0, from: 0, to: length, maxFields: fields, into: &block)
            }) {
                return .refused(refusal)
            }
            policy.filter(&block)
            if !block.isEmpty { trailers = TrailerSection(block) }
            state = .done
            return .end
        }
    }
}
