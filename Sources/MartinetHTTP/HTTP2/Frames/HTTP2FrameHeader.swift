import NIOCore

/// The nine bytes before each frame's payload (RFC 9113 §4.1).
struct HTTP2FrameHeader: Equatable {
    enum Kind: UInt8 {
        case data, headers, priority, rstStream, settings, pushPromise, ping, goAway, windowUpdate, continuation
        /// Types that are not known are ignored (§4.1).
        case unknown = 255
    }

    struct Flags: OptionSet {
        let rawValue: UInt8

        static let endStream = Flags(rawValue: 0x1)
        static let ack = Flags(rawValue: 0x1)
        static let endHeaders = Flags(rawValue: 0x4)
        static let padded = Flags(rawValue: 0x8)
        static let priority = Flags(rawValue: 0x20)
    }

    static let length = 9

    /// Bytes of the payload.
    var length: Int
    var kind: Kind
    var flags: Flags
    var stream: HTTP2StreamID

    init(_ kind: Kind, flags: Flags = [], stream: HTTP2StreamID, length: Int) {
        self.length = length
        self.kind = kind
        self.flags = flags
        self.stream = stream
    }

    /// Looks at the header that `buffer` begins with, without taking it; nil when it has not all come.
    init?(peeking buffer: ByteBuffer) {
        let start = buffer.readerIndex
        guard let (first, flags, stream) = buffer.getMultipleIntegers(at: start, as: (UInt32, UInt8, UInt32).self)
        else { return nil }
        length = Int(first >> 8)
        kind = Kind(rawValue: UInt8(truncatingIfNeeded: first)) ?? .unknown
        self.flags = Flags(rawValue: flags)
        // The first bit is reserved and to be ignored.
        self.stream = HTTP2StreamID(stream & 0x7FFF_FFFF)
    }

    func write(to out: inout ByteBuffer) {
        out.writeMultipleIntegers(word, flags.rawValue, stream.number)
    }

    /// Writes the header into the nine bytes at `index`, left for it before the payload was written.
    func set(in out: inout ByteBuffer, at index: Int) {
        out.setInteger(word, at: index)
        out.setInteger(flags.rawValue, at: index + 4)
        out.setInteger(stream.number, at: index + 5)
    }

    private var word: UInt32 { UInt32(truncatingIfNeeded: length) << 8 | UInt32(kind.rawValue) }
}
