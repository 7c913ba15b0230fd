import MartinetHTTP
import NIOCore

/// What both sides of a connection have told each other, kept by the letter of RFC 9113 by someone who only sees the frames. Throws
/// for what our side must not write.
struct HTTP2Ledger: ~Copyable {
    private struct Stream {
        /// Bytes of DATA that we may write, and that the peer may.
        var ours: Int
        var theirs: Int
        var hasHead = false
        var ended = false
        var reset = false
        var endedByPeer = false
        var resetByPeer = false
    }

    private static let largestWindow = 0x7FFF_FFFF

    private let role: HTTP2Role
    private let limits: HTTP2Limits
    private var streams: [UInt32: Stream] = [:]
    private var lastOpened: UInt32 = 0
    private var decoder = HPACKDecoder(limit: 4096)
    private var open: (stream: UInt32, end: Bool, block: [UInt8])?

    // MARK: What the peer said

    private var initialWindow = 65535
    private var maxFrameSize = 16384
    private var settingsToAcknowledge = 0
    private var pingsToAnswer: [[UInt8]] = []
    private(set) var ourWindow = 65535
    private(set) var theirWindow = 65535
    /// A new stream's window by our settings, and what the peer may take it to be until it has acknowledged them.
    private var announcedWindow = 65535
    private var grantedWindow = 65535

    // MARK: What we said

    private(set) var hasEnded = false
    private(set) var lastPing: [UInt8] = Array(repeating: 0, count: 8)
    private var lastGoAway = UInt32.max

    init(_ role: HTTP2Role, _ limits: HTTP2Limits) {
        self.role = role
        self.limits = limits
    }

    /// Streams that have been opened, oldest first.
    private(set) var known: [UInt32] = []

    /// Whether we have written the head of our message on that stream.
    func hasHead(_ id: UInt32) -> Bool { streams[id]?.hasHead ?? false }

    private mutating func add(_ id: UInt32) {
        streams[id] = Stream(ours: initialWindow, theirs: grantedWindow)
        known.append(id)
        lastOpened = id
    }

    // MARK: The peer's frames

    /// Takes note of a frame of the peer's, before what we wrote because of it.
    mutating func hear(_ frame: [UInt8]) {
        var input = ByteBuffer(bytes: frame)
        while let (word, flags, stream) = input.readMultipleIntegers(as: (UInt32, UInt8, UInt32).self) {
            let payload = input.readSlice(length: min(Int(word >> 8), input.readableBytes)) ?? ByteBuffer()
            hear(UInt8(word & 255), flags, stream & 0x7FFF_FFFF, length: Int(word >> 8), payload)
        }
    }

    private mutating func hear(_ kind: UInt8, _ flags: UInt8, _ id: UInt32, length: Int, _ payload: ByteBuffer) {
        var payload = payload
        switch kind {
        case 0:
            theirWindow -= length
            streams[id]?.theirs -= length
            if flags & 1 != 0 { streams[id]?.endedByPeer = true }
        case 1:
            if role == .server, id & 1 == 1, id > lastOpened { add(id) }
            if flags & 1 != 0 { streams[id]?.endedByPeer = true }
        case 3:
            streams[id]?.resetByPeer = true
        case 4 where flags & 1 == 0:
            settingsToAcknowledge += 1
            while let (number, value) = payload.readMultipleIntegers(as: (UInt16, UInt32).self) {
                apply(number, Int(value))
            }
        case 4:
            for id in streams.keys { streams[id]?.theirs += announcedWindow - grantedWindow }
            grantedWindow = announcedWindow
        case 6 where flags & 1 == 0:
            pingsToAnswer.append(Array(payload.readableBytesView))
        case 8:
            let increment = Int((payload.readInteger(as: UInt32.self) ?? 0) & 0x7FFF_FFFF)
            if id == 0 { ourWindow += increment } else { streams[id]?.ours += increment }
        default: break
        }
    }

    private mutating func apply(_ number: UInt16, _ value: Int) {
        switch number {
        case 1: decoder.setLimit(min(value, max(4096, limits.encoderTableSize)))
        case 4 where value <= Self.largestWindow:
            for id in streams.keys { streams[id]?.ours += value - initialWindow }
            initialWindow = value
        case 5 where 16384...0xFF_FFFF ~= value: maxFrameSize = value
        default: break
        }
    }

    // MARK: Our frames

    /// Checks what we wrote.
    mutating func check(_ output: ByteBuffer) throws(BrokenInvariant) {
        var output = output
        while let (word, flags, stream) = output.readMultipleIntegers(as: (UInt32, UInt8, UInt32).self) {
            try require(!hasEnded, "nothing is written behind the last GOAWAY")
            guard let payload = output.readSlice(length: Int(word >> 8)) else {
                throw BrokenInvariant("a frame is whole")
            }
            try require(stream >> 31 == 0, "the reserved bit is clear")
            try require(payload.readableBytes <= maxFrameSize, "a frame is as large as the peer allows")
            try check(UInt8(word & 255), flags, stream, payload)
        }
        try requireEqual(output.readableBytes, 0, "nothing but frames is written")
        try require(open == nil, "a field section is written whole")
    }

    private mutating func check(
        _ kind: UInt8, _ flags: UInt8, _ id: UInt32, _ payload: ByteBuffer
    ) throws(BrokenInvariant) {
        if open != nil {
            try require(kind == 9 && open?.stream == id, "nothing comes between HEADERS and CONTINUATION")
        }
        var payload = payload
        switch kind {
        case 0: try checkData(id, payload.readableBytes, end: flags & 1 != 0)
        case 1:
            open = (id, flags & 1 != 0, Array(payload.readableBytesView))
            if flags & 4 != 0 { try checkSection() }
        case 9:
            try require(open != nil, "CONTINUATION follows HEADERS")
            open?.block += Array(payload.readableBytesView)
            if flags & 4 != 0 { try checkSection() }
        case 3:
            let isLeftOut = streams[id] == nil && id & 1 == 1 && id < lastOpened
            try require(streams[id] != nil || isLeftOut, "RST_STREAM is of a stream that is not idle")
            try require(streams[id]?.reset != true, "a stream is reset once")
            streams[id]?.reset = true
        case 4: try checkSettings(flags, &payload)
        case 6 where flags & 1 == 0: lastPing = Array(payload.readableBytesView)
        case 6:
            let answered = Array(payload.readableBytesView)
            try require(pingsToAnswer.first == answered, "a PING is answered with what it said")
            pingsToAnswer.removeFirst()
        case 7:
            let (last, code) = payload.readMultipleIntegers(as: (UInt32, UInt32).self) ?? (0, 0)
            try require(last <= lastGoAway, "the last stream of a GOAWAY does not grow")
            lastGoAway = last
            if code != 0 { hasEnded = true }
        case 8: try checkWindow(id, Int(payload.readInteger(as: UInt32.self) ?? 0))
        default: throw BrokenInvariant("a frame of type \(kind) is written")
        }
    }

    private mutating func checkData(_ id: UInt32, _ count: Int, end: Bool) throws(BrokenInvariant) {
        guard var stream = streams[id] else { throw BrokenInvariant("DATA is on a stream that was opened") }
        try require(stream.hasHead, "DATA follows a head")
        try require(!stream.ended && !stream.reset && !stream.resetByPeer, "DATA is on a stream that has not ended")
        try require(count == 0 || count <= ourWindow, "DATA keeps to the connection's window")
        try require(count == 0 || count <= stream.ours, "DATA keeps to the stream's window")
        ourWindow -= count
        stream.ours -= count
        stream.ended = end
        streams[id] = stream
    }

    private mutating func checkSection() throws(BrokenInvariant) {
        guard let (id, end, block) = open else { return }
        open = nil
        var fields = HPACKLines()
        do {
            try block.withUnsafeBytes { try decoder.decode($0, into: &fields) }
        } catch {
            throw BrokenInvariant("a field section is decoded: \(error)")
        }
        if role == .client, streams[id] == nil {
            try requireEqual(id, known.isEmpty ? 1 : lastOpened + 2, "the number of a new stream")
            add(id)
        }
        guard var stream = streams[id] else { throw BrokenInvariant("HEADERS is on a stream that was opened") }
        try require(!stream.ended && !stream.reset && !stream.resetByPeer, "HEADERS is on a stream that has not ended")
        let regular = fields.lines.drop { $0.kind == .pseudo }
        try require(regular.allSatisfy { $0.isWritable }, "names are in lower case, and behind the pseudo-headers")
        if stream.hasHead {
            try require(
                regular.count == fields.lines.count && end, "trailers have no pseudo-headers, and end the stream")
        } else {
            try requireEqual(fields.lines.first?.name.first, 0x3A, "a head begins with a pseudo-header")
        }
        let isInterim = role == .server && fields.lines.first?.value.first == 0x31
        if !isInterim { stream.hasHead = true }
        stream.ended = end
        streams[id] = stream
    }

    private mutating func checkSettings(_ flags: UInt8, _ payload: inout ByteBuffer) throws(BrokenInvariant) {
        guard flags & 1 == 0 else {
            settingsToAcknowledge -= 1
            return try require(settingsToAcknowledge >= 0, "settings are acknowledged once")
        }
        while let (number, value) = payload.readMultipleIntegers(as: (UInt16, UInt32).self) {
            guard number == 4 else { continue }
            announcedWindow = Int(value)
            grantedWindow = max(65535, announcedWindow)
        }
    }

    private mutating func checkWindow(_ id: UInt32, _ increment: Int) throws(BrokenInvariant) {
        try require(increment > 0, "a window grows by something")
        guard id != 0 else {
            theirWindow += increment
            return try require(
                theirWindow <= max(65535, limits.connectionWindow), "the connection's window keeps to its limit")
        }
        guard var stream = streams[id] else { throw BrokenInvariant("WINDOW_UPDATE is on a stream that was opened") }
        stream.theirs += increment
        try require(stream.theirs <= max(65535, limits.streamWindow), "a stream's window keeps to its limit")
        streams[id] = stream
    }

    /// What the peer may still send must not shrink for good: of the connection's window no more than half is ever owed to it while
    /// nothing waits here.
    func mustHaveGivenBack() throws(BrokenInvariant) {
        try require(
            theirWindow * 2 >= max(65535, limits.connectionWindow),
            "the connection's window is given back: \(theirWindow) is left")
    }
}
