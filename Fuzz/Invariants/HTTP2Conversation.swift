import MartinetHTTP
import NIOCore

/// A session, the peer that a script plays, and what our own side wants of it meanwhile.
final class HTTP2Conversation {
    private let role: HTTP2Role
    private var session: HTTP2Session
    private var peer: HTTP2ScriptedPeer
    private var ledger: HTTP2Ledger
    private var random: SplitMix
    private var input = ByteBuffer()
    private var output = ByteBuffer()
    /// The rest of a frame of which only the beginning has come.
    private var torn: [UInt8] = []
    private var now: UInt64 = 1
    private var isOver = false

    // MARK: Our own side

    /// Streams with a message that is not whole yet.
    private var incoming: Set<UInt32> = []
    /// Bytes of theirs that were not consumed.
    private var unconsumed: [UInt32: Int] = [:]
    /// What waits for the peer's windows.
    private var waiting: [UInt32: (bytes: ByteBuffer, end: Bool)] = [:]

    init(_ role: HTTP2Role, _ limits: HTTP2Limits, seed: [UInt8]) throws(BrokenInvariant) {
        self.role = role
        session = HTTP2Session(role: role, limits: limits)
        peer = HTTP2ScriptedPeer(tableLimit: limits.decoderTableSize)
        ledger = HTTP2Ledger(role, limits)
        random = SplitMix(seededBy: seed)
        session.start(into: &output)
        if role == .client { output.moveReaderIndex(forwardBy: 24) }
        if role == .server { input.writeString("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") }
        try settle()
        try hear(HTTP2ScriptedPeer.frame(4, 0, 0))
    }

    // MARK: Acts

    func act(_ script: inout HTTP2Script) throws(BrokenInvariant) {
        let (what, how) = script.choice()
        if what < 16 {
            try hear(frames(what, how, &script), isTorn: what == 2 && how & 4 != 0)
        } else {
            ours(what, how, &script)
            try settle()
        }
    }

    /// At the end of the script the rest of the last frame comes.
    func finish() throws(BrokenInvariant) { try hear([]) }

    private func frames(_ what: UInt8, _ how: UInt8, _ script: inout HTTP2Script) -> [UInt8] {
        let known = ledger.known
        func pick(_ list: [HTTP2ScriptedPeer.Fields]) -> HTTP2ScriptedPeer.Fields {
            list[Int(script.byte()) % list.count]
        }
        switch what {
        case 0 where role == .server:
            return peer.section(pick(HTTP2ScriptedPeer.requests), (known.last ?? UInt32.max) &+ 2, how: how)
        case 0:
            return peer.section(pick(HTTP2ScriptedPeer.responses), script.stream(of: known), how: how)
        case 1:
            return peer.section(pick(HTTP2ScriptedPeer.trailers), script.stream(of: known), how: how)
        case 2:
            return HTTP2ScriptedPeer.data(
                script.size(), script.stream(of: known), end: how & 1 != 0, isPadded: how & 2 != 0)
        case 3: return frame(3, 0, script.stream(of: known), UInt32(script.byte() & 15))
        case 4:
            var payload: [UInt8] = []
            for _ in 0..<how { payload += [0, script.byte() % 10] + HTTP2ScriptedPeer.word(script.edge()) }
            return HTTP2ScriptedPeer.frame(4, 0, 0, payload)
        case 5: return HTTP2ScriptedPeer.frame(4, 1, 0)
        case 6:
            let payload = how & 2 != 0 ? ledger.lastPing : Array(repeating: script.byte(), count: 8)
            return HTTP2ScriptedPeer.frame(6, how & 1, 0, payload)
        case 7: return frame(8, 0, script.stream(of: known), script.edge())
        case 8:
            let last = HTTP2ScriptedPeer.word(script.stream(of: known))
            return HTTP2ScriptedPeer.frame(7, 0, 0, last + HTTP2ScriptedPeer.word(UInt32(script.byte() & 15)))
        case 9:
            let payload = [UInt8](repeating: 0, count: how & 1 != 0 ? 4 : 5)
            return HTTP2ScriptedPeer.frame(2, 0, script.stream(of: known), payload)
        case 10: return HTTP2ScriptedPeer.frame(9, how & 4, script.stream(of: known), script.bytes())
        case 11: return frame(5, 4, script.stream(of: known), script.edge())
        case 12: return HTTP2ScriptedPeer.frame(script.byte() | 16, how, script.stream(of: known), script.bytes())
        case 13: return HTTP2ScriptedPeer.section(script.bytes(), script.stream(of: known), how: how)
        default:
            return HTTP2ScriptedPeer.frame(script.byte() % 10, script.byte(), script.stream(of: known), script.bytes())
        }
    }

    private func frame(_ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ word: UInt32) -> [UInt8] {
        HTTP2ScriptedPeer.frame(kind, flags, stream, HTTP2ScriptedPeer.word(word))
    }

    private func ours(_ what: UInt8, _ how: UInt8, _ script: inout HTTP2Script) {
        let number = what < 21 ? script.stream(of: ledger.known) & 0x7FFF_FFFF : 0
        let stream = HTTP2StreamID(number)
        switch what {
        case 16 where role == .server: respond(stream, how, script.byte())
        case 17: write(number, script.size(), end: how & 1 != 0)
        case 18: end(stream, withTrailers: how & 1 != 0)
        case 19:
            session.reset(stream, .cancel, into: &output)
            forget(number)
        case 20: consume(number, how == 0 ? .max : script.size())
        case 21: session.beginShutdown(into: &output)
        case 22: session.finishShutdown(into: &output)
        case 23: session.ping(UInt64(how), into: &output)
        case 24: session.outputFlushed()
        case 25:
            now += UInt64(script.byte()) * 10_000_000
            session.advance(to: now)
        case 26:
            guard session.beginSendingHeldBack() else { return }
            writeWaiting()
            session.endSendingHeldBack()
        case 27 where role == .client: ask(how, script.byte())
        case 28 where how == 7: session.close(.noError, "over", into: &output)
        default: break
        }
    }

    private func respond(_ stream: HTTP2StreamID, _ how: UInt8, _ status: UInt8) {
        guard !session.isClosed, !ledger.hasHead(stream.number) else { return }
        var head = ResponseHead()
        head.headers.add(.server, "test")
        if how & 4 != 0 {
            head.status = 103
            return session.writeInterim(stream, head, into: &output)
        }
        head.status = 200 + UInt16(status)
        if how & 2 != 0 { head.headers.add(.setCookie, String(repeating: "c", count: 20000)) }
        session.writeResponse(stream, head, contentLength: nil, end: how & 1 != 0, into: &output)
    }

    private func ask(_ how: UInt8, _ kind: UInt8) {
        var head = RequestHead()
        head.methodBytes = head.headers.store(["GET", "POST", "HEAD", "PUT"][Int(kind & 3)])
        head.method = head.headers.withBytes(head.methodBytes) { HTTPMethod($0) }
        head.setPath("/")
        head.host = head.headers.store("a")
        if how & 2 != 0 { head.headers.add(.cookie, String(repeating: "c", count: 20000)) }
        if how & 4 != 0 {
            head.wantsUpgrade = true
            head.headers.add(.upgrade, "websocket")
        }
        guard let id = session.openRequest(head, to: .init(isSecure: true), end: how & 1 != 0, into: &output) else {
            return
        }
        incoming.insert(id.number)
    }

    private func write(_ number: UInt32, _ count: Int, end: Bool) {
        guard session.isOpen(HTTP2StreamID(number)), ledger.hasHead(number), waiting[number]?.end != true else {
            return
        }
        var bytes = waiting[number]?.bytes ?? ByteBuffer()
        bytes.writeRepeatingByte(0x61, count: count)
        send(number, bytes, end: end)
    }

    private func send(_ number: UInt32, _ bytes: ByteBuffer, end: Bool) {
        var bytes = bytes
        let isDone = session.writeData(HTTP2StreamID(number), &bytes, end: end, into: &output)
        waiting[number] = isDone ? nil : (bytes, end)
    }

    private func end(_ stream: HTTP2StreamID, withTrailers: Bool) {
        guard ledger.hasHead(stream.number), waiting[stream.number] == nil else { return }
        var block = HeaderBlock()
        block.add(.grpcStatus, "0")
        session.writeEnd(stream, trailers: withTrailers ? TrailerSection(block) : nil, into: &output)
    }

    private func writeWaiting() {
        for (number, rest) in waiting.sorted(by: { $0.key < $1.key }) { send(number, rest.bytes, end: rest.end) }
    }

    private func consume(_ number: UInt32, _ most: Int) {
        guard let count = unconsumed[number] else { return }
        session.consume(HTTP2StreamID(number), min(most, count), into: &output)
        unconsumed[number] = most < count ? count - most : nil
    }

    private func forget(_ number: UInt32) {
        incoming.remove(number)
        unconsumed[number] = nil
        waiting[number] = nil
    }

    // MARK: Hearing

    /// Feeds frames in pieces, behind what is left of the last one; of one that is torn a part stays for later.
    private func hear(_ frames: [UInt8], isTorn: Bool = false) throws(BrokenInvariant) {
        if !torn.isEmpty {
            let rest = torn
            torn = []
            try feed(rest[...])
        }
        ledger.hear(frames)
        var bytes = frames[...]
        if isTorn, bytes.count > 12 {
            torn = Array(bytes.suffix((bytes.count - 11) / 2))
            bytes = bytes.dropLast(torn.count)
        }
        while !bytes.isEmpty {
            let piece = bytes.prefix(Int.random(in: 1...max(1, frames.count), using: &random))
            bytes = bytes.dropFirst(piece.count)
            try feed(piece)
        }
    }

    private func feed(_ bytes: ArraySlice<UInt8>) throws(BrokenInvariant) {
        input.discardReadBytes()
        input.writeBytes(bytes)
        try settle()
    }

    /// Handles what the session makes of what was fed, and checks what it wrote.
    private func settle() throws(BrokenInvariant) {
        while true {
            let event = session.next(&input, &output)
            if case .needMore = event { break }
            try note(event)
        }
        try ledger.check(output)
        output.clear()
        try require(input.readableBytes <= 16384 + 9, "no more than a frame waits")
        try require(session.openStreams <= max(session.limits.maxConcurrentStreams, 100), "streams are bounded")
        guard !session.isClosed else {
            waiting = [:]
            return
        }
        for (number, rest) in waiting {
            let window = session.sendable(HTTP2StreamID(number))
            try require(
                window < min(4096, max(1, rest.bytes.readableBytes)), "what the windows let through does not wait")
        }
        if session.openStreams == 0, torn.isEmpty, input.readableBytes == 0 { try ledger.mustHaveGivenBack() }
    }

    private func note(_ event: HTTP2Event) throws(BrokenInvariant) {
        try require(!isOver, "nothing happens behind the end")
        switch event {
        case .needMore, .goAway, .pong: break
        case .settings: writeWaiting()
        case .request(let stream, let end):
            try require(role == .server && session.isOpen(stream), "a request's stream is open")
            var head = RequestHead()
            session.takeRequest(into: &head)
            if !end { incoming.insert(stream.number) }
        case .refused(let stream, let refusal):
            var head = ResponseHead()
            head.status = refusal.status
            session.writeResponse(stream, head, contentLength: 0, end: true, into: &output)
            session.reset(stream, .noError, into: &output)
        case .interim(let stream):
            try require(incoming.contains(stream.number), "an interim answer comes before the end")
            var head = ResponseHead()
            session.takeResponse(into: &head)
            try require(head.isInformational, "an interim answer is one")
        case .response(let stream, let end):
            try require(incoming.contains(stream.number), "an answer is to a question")
            var head = ResponseHead()
            session.takeResponse(into: &head)
            if end { incoming.remove(stream.number) }
        case .data(let stream, let piece, let end):
            try require(incoming.contains(stream.number), "a body is of a message that has not ended")
            try require(piece.readableBytes > 0, "a piece of a body is not empty")
            unconsumed[stream.number, default: 0] += piece.readableBytes
            if end { incoming.remove(stream.number) }
        case .end(let stream, _):
            try require(incoming.remove(stream.number) != nil, "a message ends once")
        case .reset(let stream, _, _):
            try require(!session.isOpen(stream), "a stream that was reset is gone")
            forget(stream.number)
        case .unprocessed(let stream):
            try require(role == .client, "only what was asked can be unprocessed")
            forget(stream.number)
        case .windowOpened(let stream):
            if stream.isConnection {
                writeWaiting()
            } else if let rest = waiting[stream.number] {
                send(stream.number, rest.bytes, end: rest.end)
            }
        case .connectionError: isOver = true
        }
    }
}
