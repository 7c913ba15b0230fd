package import NIOCore

/// Encodes field blocks (RFC 7541): static indices, a small dynamic table, Huffman where it saves bytes. Nothing is allocated for
/// a field.
///
/// Secrets are never put into the table, and are marked so that no one behind puts them into his (§7.1.3). Values that differ
/// each time would only drive the others out, so they stay out, too.
package struct HPACKEncoder: ~Copyable {
    private var table: HPACKDynamicTable
    /// Largest table we are willing to keep, whatever the peer allows.
    private let ownLimit: Int
    /// Set when the peer changed its limit: the smallest size it had since the last block, to be said before the next.
    private var smallestSize: Int?

    package init(limit: Int) {
        ownLimit = limit
        table = HPACKDynamicTable(maxSize: min(limit, 4096))
        // The peer takes the table to be 4,096 bytes long until told otherwise.
        if table.maxSize < 4096 { smallestSize = table.maxSize }
    }

    package var tableMaxSize: Int { table.maxSize }

    /// The peer's SETTINGS_HEADER_TABLE_SIZE.
    package mutating func setPeerLimit(_ limit: Int) {
        let size = min(limit, ownLimit)
        guard size != table.maxSize else { return }
        smallestSize = min(smallestSize ?? size, size)
        table.resize(to: size)
    }

    /// Says table sizes that changed; to be called once before the fields of a block (§4.2).
    package mutating func begin(_ out: inout ByteBuffer) {
        guard let smallest = smallestSize else { return }
        smallestSize = nil
        if smallest < table.maxSize { Self.write(smallest, prefix: 5, flags: 0x20, to: &out) }
        Self.write(table.maxSize, prefix: 5, flags: 0x20, to: &out)
    }

    /// An entry of the static table, name and value.
    package func encode(staticIndex index: Int, to out: inout ByteBuffer) {
        Self.write(index, prefix: 7, flags: 0x80, to: &out)
    }

    /// A literal that is not indexed, whose name is that of a static entry: for pseudo-headers.
    func encode(staticName index: Int, value: UnsafeRawBufferPointer, to out: inout ByteBuffer) {
        Self.write(index, prefix: 4, flags: 0, to: &out)
        Self.writeString(value, lowercased: false, to: &out)
    }

    /// A field under any name, in any letter case.
    package mutating func encode(
        name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, id: HeaderID, isSensitive: Bool,
        to out: inout ByteBuffer
    ) {
        let nameIndex = HPACKStaticTable.shared.index(of: name, id: id)
        if isSensitive || Self.isSecret(id) {
            return writeLiteral(name, value, nameIndex, prefix: 4, flags: 0x10, to: &out)
        }
        if id == .acceptEncoding, value.elementsEqual(("gzip, deflate" as StaticString).bytes) {
            return encode(staticIndex: nameIndex, to: &out)
        }
        let size = name.count &+ value.count &+ HPACKDynamicTable.overhead
        guard size <= table.maxSize / 2, !Self.isVolatile(id) else {
            return writeLiteral(name, value, nameIndex, prefix: 4, flags: 0, to: &out)
        }
        let hash = Self.hash(name, value)
        if let index = table.find(hash: hash, name: name, value: value) {
            return Self.write(index &+ HPACKStaticTable.count &+ 1, prefix: 7, flags: 0x80, to: &out)
        }
        writeLiteral(name, value, nameIndex, prefix: 6, flags: 0x40, to: &out)
        table.insert(name, value, id: id, kind: .plain, hasCleanValue: true, hash: hash)
    }

    private static func isSecret(_ id: HeaderID) -> Bool {
        switch id {
        case .authorization, .proxyAuthorization, .cookie, .setCookie, .xForwardedTLSClientCert: true
        default: false
        }
    }

    private static func isVolatile(_ id: HeaderID) -> Bool {
        switch id {
        case .contentLength, .contentRange, .range, .etag, .lastModified, .location, .secWebSocketKey,
            .secWebSocketAccept, .xForwardedURI, .xReplacedPath:
            true
        default: false
        }
    }

    private func writeLiteral(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ nameIndex: Int, prefix: UInt8, flags: UInt8,
        to out: inout ByteBuffer
    ) {
        Self.write(nameIndex, prefix: prefix, flags: flags, to: &out)
        if nameIndex == 0 { Self.writeString(name, lowercased: true, to: &out) }
        Self.writeString(value, lowercased: false, to: &out)
    }

    /// An integer behind the flags of its first byte (§5.1).
    static func write(_ value: Int, prefix: UInt8, flags: UInt8, to out: inout ByteBuffer) {
        let mask = (1 << Int(prefix)) - 1
        guard value >= mask else {
            out.writeInteger(flags | UInt8(truncatingIfNeeded: value))
            return
        }
        out.writeInteger(flags | UInt8(truncatingIfNeeded: mask))
        var rest = value &- mask
        while rest >= 128 {
            out.writeInteger(UInt8(truncatingIfNeeded: rest & 127 | 128))
            rest >>= 7
        }
        out.writeInteger(UInt8(truncatingIfNeeded: rest))
    }

    /// A string, coded when that makes it shorter (§5.2).
    static func writeString(_ text: UnsafeRawBufferPointer, lowercased: Bool, to out: inout ByteBuffer) {
        let coded = HuffmanEncoder.shared.length(of: text, lowercased: lowercased)
        if coded < text.count {
            write(coded, prefix: 7, flags: 0x80, to: &out)
            out.writeWithUnsafeMutableBytes(minimumWritableBytes: coded) { memory in
                HuffmanEncoder.shared.encode(
                    text, lowercased: lowercased, to: UnsafeMutableRawBufferPointer(rebasing: memory[..<coded]))
                return coded
            }
            return
        }
        write(text.count, prefix: 7, flags: 0, to: &out)
        guard lowercased else {
            out.writeBytes(text)
            return
        }
        out.writeWithUnsafeMutableBytes(minimumWritableBytes: text.count) { memory in
            for index in 0..<text.count { memory[index] = ASCII.lower(text[index]) }
            return text.count
        }
    }

    /// Tells most fields apart that have the same lengths; equality is checked anyway.
    private static func hash(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in name.suffix(8) { hash = (hash ^ UInt32(ASCII.lower(byte))) &* 16_777_619 }
        for byte in value.prefix(8) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        for byte in value.suffix(8) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return hash
    }
}
