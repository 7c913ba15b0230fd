/// Decodes field blocks (RFC 7541 §3 and §6) straight into whoever takes the fields.
///
/// It never stops early, however large the list becomes: the table must stay in step with the peer's. What is too much for the
/// sink is the sink's to drop. The work is bounded by the length of the block.
package struct HPACKDecoder: ~Copyable {
    private var table: HPACKDynamicTable
    /// Largest table the peer's encoder may use: our SETTINGS_HEADER_TABLE_SIZE once the peer has acknowledged it.
    private var limit: Int
    /// Set when the limit went below the table's size: the next block must begin by shrinking it (§4.2).
    private var mustShrink = false
    private var scratch = HPACKScratch()
    /// Bytes of names that may still be copied out of the table for this block.
    private var copies = 0

    package init(limit: Int) {
        self.limit = limit
        // The table begins with the protocol's default size; a larger one is the encoder's to ask for.
        table = HPACKDynamicTable(maxSize: min(limit, 4096))
    }

    /// Bytes that the table counts now, and may count.
    package var tableSize: Int { table.size }
    package var tableMaxSize: Int { table.maxSize }

    /// Sets the limit, once the peer has acknowledged it.
    package mutating func setLimit(_ newLimit: Int) {
        limit = newLimit
        mustShrink = newLimit < table.maxSize
    }

    package mutating func decode<Sink: HPACKFieldSink & ~Copyable>(
        _ block: UnsafeRawBufferPointer, into sink: inout Sink
    ) throws(HPACKError) {
        var cursor = HPACKCursor(block)
        copies = Self.freeCopies &+ block.count &* Self.copiesPerByte
        try updateSizes(&cursor)
        while let first = cursor.peek {
            if first & 0x80 != 0 {
                try indexed(try cursor.integer(prefix: 7), into: &sink)
            } else if first & 0x40 != 0 {
                try literal(&cursor, prefix: 6, isIndexed: true, isSensitive: false, into: &sink)
            } else if first & 0x20 != 0 {
                throw HPACKError(reason: "a table size update behind a field (RFC 7541 4.2)")
            } else {
                try literal(&cursor, prefix: 4, isIndexed: false, isSensitive: first & 0x10 != 0, into: &sink)
            }
        }
        scratch.trim()
    }

    /// Table size updates stand at the beginning of a block; more than two say nothing that two would not (§4.2).
    private mutating func updateSizes(_ cursor: inout HPACKCursor) throws(HPACKError) {
        var updates = 0
        while let first = cursor.peek, first & 0xE0 == 0x20 {
            let size = try cursor.integer(prefix: 5)
            updates += 1
            guard updates <= 2 else { throw HPACKError(reason: "more than two table size updates (RFC 7541 4.2)") }
            guard size <= limit else { throw HPACKError(reason: "a table size above the limit (RFC 7541 6.3)") }
            table.resize(to: size)
            mustShrink = false
        }
        guard !mustShrink else { throw HPACKError(reason: "a table size update is missing (RFC 7541 4.2)") }
    }

    /// §6.1.
    private func indexed<Sink: HPACKFieldSink & ~Copyable>(_ index: Int, into sink: inout Sink) throws(HPACKError) {
        if index > 0, index <= HPACKStaticTable.count {
            let entry = HPACKStaticTable.shared.entries[index - 1]
            sink.take(
                HPACKField(
                    name: entry.name.bytes, value: entry.value.bytes, id: entry.id, kind: entry.kind,
                    hasCleanValue: true, isSensitive: false))
            return
        }
        guard let entry = table.entry(at: index &- HPACKStaticTable.count &- 1) else { throw Self.unknownIndex }
        sink.take(
            HPACKField(
                name: table.name(of: entry), value: table.value(of: entry), id: entry.id, kind: entry.kind,
                hasCleanValue: entry.hasCleanValue, isSensitive: false))
    }

    /// §6.2. Name and value are brought together in the scratch memory, so that entries the new one drives out of the table may
    /// have lent the name.
    private mutating func literal<Sink: HPACKFieldSink & ~Copyable>(
        _ cursor: inout HPACKCursor, prefix: UInt8, isIndexed: Bool, isSensitive: Bool, into sink: inout Sink
    ) throws(HPACKError) {
        scratch.clear()
        let id: HeaderID
        let kind: HPACKNameKind
        let index = try cursor.integer(prefix: prefix)
        if index == 0 {
            let text = try cursor.string()
            try scratch.append(text.bytes, isHuffman: text.isHuffman)
            id = HeaderID.lookup(scratch.bytes(from: 0))
            kind = HPACKNameKind(scratch.bytes(from: 0))
        } else if index <= HPACKStaticTable.count {
            let entry = HPACKStaticTable.shared.entries[index - 1]
            try scratch.append(entry.name.bytes, isHuffman: false)
            id = entry.id
            kind = entry.kind
        } else {
            guard let entry = table.entry(at: index &- HPACKStaticTable.count &- 1) else { throw Self.unknownIndex }
            copies &-= entry.nameLength
            guard copies >= 0 else { throw HPACKError(reason: "long names are referred to too often") }
            try scratch.append(table.name(of: entry), isHuffman: false)
            id = entry.id
            kind = entry.kind
        }
        let nameLength = scratch.count
        let text = try cursor.string()
        try scratch.append(text.bytes, isHuffman: text.isHuffman)
        let value = scratch.bytes(from: nameLength)
        let field = HPACKField(
            name: scratch.bytes(from: 0, length: nameLength), value: value, id: id, kind: kind,
            hasCleanValue: HPACKField.isClean(value), isSensitive: isSensitive)
        if isIndexed {
            table.insert(field.name, value, id: id, kind: kind, hasCleanValue: field.hasCleanValue)
        }
        sink.take(field)
    }

    /// A literal of two bytes can have a name of thousands, which has to be copied. Names that mean something have less than a hundred
    /// bytes, and their values some.
    private static let freeCopies = 65536
    private static let copiesPerByte = 16

    private static var unknownIndex: HPACKError { HPACKError(reason: "an index beyond the tables (RFC 7541 2.3.3)") }
}
