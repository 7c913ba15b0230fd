package import NIOCore

/// Finds the ClientHello at the start of a connection, however it is cut into segments and records.
///
///     bytes ─► record header (5) ─► fragment ─┐
///                   ▲                         ├─► message complete ─► ``ClientHelloParser``
///                   └────── fragment read ◄───┘
///
/// The bytes stay in the buffer for the TLS library, which must see them, too. Each byte is looked at once, so that sending them one
/// by one gains nothing; deadlines are the caller's.
package struct ClientHelloReader: Sendable {
    package enum Step: Equatable, Sendable {
        /// Call again when there are more bytes.
        case needsMore
        case hello(ClientHello)
        /// Another protocol; nothing is said about which.
        case notTLS
        /// TLS, but nothing to go on with: send the alert and close.
        case refused(TLSAlert)
    }

    /// Most bytes a ClientHello may take with all its record headers. Hellos with post-quantum key shares have about 2,000.
    package static let longest = 16 << 10

    private static let handshake: UInt8 = 22
    /// First byte of the hello of SSL 2, which is TLS enough to be refused as such.
    private static let sslv2: UInt8 = 0x80
    private static let headerLength = 5

    /// Bytes of the buffer that were dealt with.
    private var consumed = 0
    /// Bytes of the current record that are still to come.
    private var fragmentRest = 0
    /// The handshake message so far, with its own header of four bytes.
    private var message: [UInt8] = []
    private var outcome: Step?

    package init() {}

    /// Goes on reading.
    /// - Parameter buffer: everything received since the connection began; grows between calls and is otherwise the same.
    package mutating func read(_ buffer: ByteBuffer) -> Step {
        if let outcome { return outcome }
        let step = buffer.withUnsafeReadableBytes { proceed($0) }
        if step != .needsMore { outcome = step }
        return step
    }

    private mutating func proceed(_ received: UnsafeRawBufferPointer) -> Step {
        // What is beyond the bound is not looked at, or the answer would depend on how many bytes came at once.
        let bytes = UnsafeRawBufferPointer(rebasing: received.prefix(Self.longest))
        while consumed < bytes.count {
            if fragmentRest == 0 {
                if let refusal = checkHeader(bytes) { return refusal }
                guard bytes.count - consumed >= Self.headerLength else { break }
                fragmentRest = Int(bytes[consumed + 3]) << 8 | Int(bytes[consumed + 4])
                consumed += Self.headerLength
            }
            let end = min(bytes.count, consumed + fragmentRest)
            message.append(contentsOf: bytes[consumed..<end])
            fragmentRest -= end - consumed
            consumed = end
            if let step = checkMessage() { return step }
        }
        return bytes.count == Self.longest ? .refused(.recordOverflow) : .needsMore
    }

    /// Judges as much of a record's header as has arrived.
    private func checkHeader(_ bytes: UnsafeRawBufferPointer) -> Step? {
        let header = bytes[consumed...].prefix(Self.headerLength)
        for (index, byte) in header.enumerated() {
            switch index {
            case 0 where byte != Self.handshake:
                // The first byte decides what the connection is; later records are TLS in any case.
                if consumed > 0 { return .refused(.unexpectedMessage) }
                return byte == Self.sslv2 ? .refused(.protocolVersion) : .notTLS
            case 1 where byte != 3: return .refused(.protocolVersion)
            // Handshake records are neither empty nor longer than 2^14 bytes (RFC 8446 §5.1).
            case 3 where byte > 0x40: return .refused(.recordOverflow)
            case 4 where header[header.startIndex + 3] == 0 && byte == 0: return .refused(.decodeError)
            case 4 where header[header.startIndex + 3] == 0x40 && byte > 0: return .refused(.recordOverflow)
            default: break
            }
        }
        return nil
    }

    /// Judges the message as far as it is there; nil when more is needed.
    private func checkMessage() -> Step? {
        guard let type = message.first else { return nil }
        guard type == 1 else { return .refused(.unexpectedMessage) }
        guard message.count >= 4 else { return nil }
        let length = Int(message[1]) << 16 | Int(message[2]) << 8 | Int(message[3])
        guard length <= Self.longest else { return .refused(.recordOverflow) }
        guard message.count >= 4 + length else { return nil }
        do throws(TLSAlert) {
            return try message.withUnsafeBytesOf(4..<(4 + length)) { body throws(TLSAlert) in
                .hello(try ClientHelloParser.parse(body))
            }
        } catch {
            return .refused(error)
        }
    }
}

extension [UInt8] {
    /// Calls `body` with a part of the array, which must lie within it.
    fileprivate func withUnsafeBytesOf<Value>(
        _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(TLSAlert) -> Value
    ) throws(TLSAlert) -> Value {
        let result: Result<Value, TLSAlert> = withUnsafeBytes { bytes in
            do throws(TLSAlert) {
                return .success(try body(UnsafeRawBufferPointer(rebasing: bytes[range])))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
