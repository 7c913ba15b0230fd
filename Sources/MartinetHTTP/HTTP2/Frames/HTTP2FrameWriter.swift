import NIOCore

/// Writes frames that are not bound to a stream's state. Frames with fields are ``HTTP2FieldWriter``'s.
enum HTTP2FrameWriter {
    /// What a client's connection begins with (RFC 9113 §3.4).
    static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    static func settings(_ values: [(HTTP2Settings.ID, UInt32)], to out: inout ByteBuffer) {
        HTTP2FrameHeader(.settings, stream: .connection, length: values.count * 6).write(to: &out)
        for (id, value) in values { out.writeMultipleIntegers(id.rawValue, value) }
    }

    static func settingsAck(to out: inout ByteBuffer) {
        HTTP2FrameHeader(.settings, flags: .ack, stream: .connection, length: 0).write(to: &out)
    }

    static func ping(_ payload: UInt64, isAck: Bool, to out: inout ByteBuffer) {
        HTTP2FrameHeader(.ping, flags: isAck ? .ack : [], stream: .connection, length: 8).write(to: &out)
        out.writeInteger(payload)
    }

    static func reset(_ stream: HTTP2StreamID, _ code: HTTP2ErrorCode, to out: inout ByteBuffer) {
        HTTP2FrameHeader(.rstStream, stream: stream, length: 4).write(to: &out)
        out.writeInteger(code.rawValue)
    }

    static func windowUpdate(_ stream: HTTP2StreamID, _ increment: Int, to out: inout ByteBuffer) {
        HTTP2FrameHeader(.windowUpdate, stream: stream, length: 4).write(to: &out)
        out.writeInteger(UInt32(truncatingIfNeeded: increment))
    }

    /// The text is for whoever debugs the peer; it is one of our constants.
    static func goAway(last: HTTP2StreamID, _ code: HTTP2ErrorCode, _ text: StaticString, to out: inout ByteBuffer) {
        HTTP2FrameHeader(.goAway, stream: .connection, length: 8 + text.utf8CodeUnitCount).write(to: &out)
        out.writeMultipleIntegers(last.number, code.rawValue)
        out.writeStaticString(text)
    }
}
