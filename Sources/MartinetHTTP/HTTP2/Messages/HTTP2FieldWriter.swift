package import NIOCore

/// Writes field sections as HEADERS and, where they are large, CONTINUATION frames (RFC 9113 §4.3). Lent to those who have fields
/// to add to a head.
package struct HTTP2FieldWriter: ~Copyable {
    var encoder: HPACKEncoder
    /// Where the frames go; the caller's buffer while a section is being written.
    private var out = ByteBuffer()
    private var start = 0
    /// For values that are made of pieces.
    private var scratch = ByteBuffer()

    /// Lines that mean something on one HTTP/1 connection only, or that HTTP/2 says otherwise (§8.2.2).
    static let neverWritten: UInt64 =
        HeaderID.connection.bit | HeaderID.keepAlive.bit | HeaderID.proxyConnection.bit
        | HeaderID.transferEncoding.bit | HeaderID.upgrade.bit | HeaderID.http2Settings.bit | HeaderID.te.bit
        | HeaderID.host.bit | HeaderID.contentLength.bit

    init(tableLimit: Int) {
        encoder = HPACKEncoder(limit: tableLimit)
    }

    // MARK: Frames

    /// Begins a section behind what is in `out`, which is kept until ``finish(stream:endsStream:maxFrameSize:into:)``.
    mutating func begin(_ out: inout ByteBuffer) {
        swap(&self.out, &out)
        start = self.out.writerIndex
        self.out.writeRepeatingByte(0, count: HTTP2FrameHeader.length)
        encoder.begin(&self.out)
    }

    mutating func finish(stream: HTTP2StreamID, endsStream: Bool, maxFrameSize: Int, into target: inout ByteBuffer) {
        let payload = start + HTTP2FrameHeader.length
        let length = out.writerIndex - payload
        var header = HTTP2FrameHeader(.headers, flags: .endHeaders, stream: stream, length: min(length, maxFrameSize))
        if endsStream { header.flags.insert(.endStream) }
        if length > maxFrameSize {
            header.flags.remove(.endHeaders)
            var rest = out.getSlice(at: payload + maxFrameSize, length: length - maxFrameSize) ?? ByteBuffer()
            out.moveWriterIndex(to: payload + maxFrameSize)
            while let piece = rest.readSlice(length: min(rest.readableBytes, maxFrameSize)), piece.readableBytes > 0 {
                HTTP2FrameHeader(
                    .continuation, flags: rest.readableBytes == 0 ? .endHeaders : [], stream: stream,
                    length: piece.readableBytes
                ).write(to: &out)
                out.writeImmutableBuffer(piece)
            }
        }
        header.set(in: &out, at: start)
        swap(&out, &target)
    }

    // MARK: Fields

    /// Adds a field under a known name.
    package mutating func add(_ id: HeaderID, _ value: UnsafeRawBufferPointer) {
        encoder.encode(name: id.name.bytes, value: value, id: id, isSensitive: false, to: &out)
    }

    package mutating func add(_ id: HeaderID, _ value: StaticString) { add(id, value.bytes) }

    package mutating func add(_ id: HeaderID, _ value: String) {
        var value = value
        value.withUTF8 { add(id, UnsafeRawBufferPointer($0)) }
    }

    package mutating func add(_ id: HeaderID, _ value: ByteBuffer) {
        value.withUnsafeReadableBytes { add(id, $0) }
    }

    package mutating func add(_ id: HeaderID, decimal value: UInt64) {
        scratch.clear()
        Self.writeDecimal(value, to: &scratch)
        add(id, scratch)
    }

    /// Adds a field under any name, whatever its letter case.
    package mutating func add(name: String, value: String) {
        var name = name
        var value = value
        name.withUTF8 { name in
            value.withUTF8 { value in
                let name = UnsafeRawBufferPointer(name)
                encoder.encode(
                    name: name, value: ASCII.trim(UnsafeRawBufferPointer(value)), id: HeaderID.lookup(name),
                    isSensitive: false,
                    to: &out)
            }
        }
    }

    /// Adds the lines of a block but those whose names are in `mask` and those HTTP/2 does not have. Blanks around values, which
    /// HTTP/1 ignores and HTTP/2 refuses (§8.2.1), are left out.
    package mutating func add(_ block: borrowing HeaderBlock, skipping mask: UInt64) {
        let mask = mask | Self.neverWritten
        for entry in block.entries where entry.id.bit & mask == 0 && !entry.name.isEmpty {
            block.withBytes(entry.name) { name in
                block.withBytes(entry.value) { value in
                    encoder.encode(
                        name: name, value: ASCII.trim(value), id: entry.id, isSensitive: entry.isSensitive, to: &out)
                }
            }
        }
    }

    /// Names the trailers that were announced and may be passed on (RFC 9110 §6.6.2).
    mutating func announce(_ block: borrowing HeaderBlock, _ policy: TrailerPolicy) {
        guard block.contains(.trailer) else { return }
        scratch.clear()
        for entry in block.entries where entry.id == .trailer {
            block.withBytes(entry.value) { value in
                ASCII.forEachListItem(value) { item in
                    guard policy.admits(item) else { return }
                    if scratch.readableBytes > 0 { scratch.writeStaticString(", ") }
                    scratch.writeBytes(item)
                }
            }
        }
        if scratch.readableBytes > 0 { add(.trailer, scratch) }
    }

    // MARK: Pseudo-headers

    mutating func status(_ status: UInt16) {
        let index = HPACKStaticTable.index(ofStatus: status)
        if index > 0 { return encoder.encode(staticIndex: index, to: &out) }
        scratch.clear()
        Self.writeDecimal(UInt64(status), to: &scratch)
        scratch.withUnsafeReadableBytes { encoder.encode(staticName: HPACKStaticTable.status, value: $0, to: &out) }
    }

    mutating func method(_ head: borrowing RequestHead) {
        switch head.method {
        case .get: encoder.encode(staticIndex: HPACKStaticTable.methodGet, to: &out)
        case .post: encoder.encode(staticIndex: HPACKStaticTable.methodPost, to: &out)
        default:
            head.headers.withBytes(head.methodBytes) {
                encoder.encode(staticName: HPACKStaticTable.methodGet, value: $0, to: &out)
            }
        }
    }

    mutating func connect(protocolName: UnsafeRawBufferPointer) {
        encoder.encode(staticName: HPACKStaticTable.methodGet, value: ("CONNECT" as StaticString).bytes, to: &out)
        encoder.encode(
            name: (":protocol" as StaticString).bytes, value: protocolName, id: .other, isSensitive: false, to: &out)
    }

    mutating func scheme(_ isSecure: Bool) {
        encoder.encode(staticIndex: isSecure ? HPACKStaticTable.schemeHTTPS : HPACKStaticTable.schemeHTTP, to: &out)
    }

    mutating func authority(_ value: UnsafeRawBufferPointer) {
        encoder.encode(staticName: HPACKStaticTable.authority, value: value, to: &out)
    }

    mutating func authority(_ value: String) {
        var value = value
        value.withUTF8 { authority(UnsafeRawBufferPointer($0)) }
    }

    mutating func path(_ head: borrowing RequestHead, prefix: String) {
        if prefix.isEmpty, !head.hasQuery {
            head.withPath { encoder.encode(staticName: HPACKStaticTable.path, value: $0, to: &out) }
            return
        }
        scratch.clear()
        scratch.writeString(prefix)
        head.headers.write(head.path, to: &scratch)
        if head.hasQuery {
            scratch.writeInteger(UInt8(ascii: "?"))
            head.headers.write(head.query, to: &scratch)
        }
        scratch.withUnsafeReadableBytes { encoder.encode(staticName: HPACKStaticTable.path, value: $0, to: &out) }
    }

    private static func writeDecimal(_ value: UInt64, to out: inout ByteBuffer) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            out.writeInteger(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}
