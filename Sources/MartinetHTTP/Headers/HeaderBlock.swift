package import NIOCore

/// A run of bytes inside one of a ``HeaderBlock``'s two arenas. Public to be inlined.
public struct ByteRef: Sendable, Equatable {
    public var offset: UInt32
    /// Length in bytes; the top bit of `tagged` tells the arena.
    @usableFromInline var tagged: UInt32

    @inlinable public init(offset: Int, length: Int, owned: Bool) {
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.tagged = UInt32(truncatingIfNeeded: length) | (owned ? 0x8000_0000 : 0)
    }

    @inlinable public var length: Int { Int(tagged & 0x7FFF_FFFF) }
    @inlinable public var isEmpty: Bool { length == 0 }
    @inlinable public var owned: Bool { tagged & 0x8000_0000 != 0 }

    /// No bytes.
    @inlinable public static var empty: ByteRef { ByteRef(offset: 0, length: 0, owned: false) }

    /// A part of this run.
    @inlinable public func slice(from start: Int, length: Int) -> ByteRef {
        ByteRef(offset: Int(offset) + start, length: length, owned: owned)
    }
}

/// The header section of a message: field lines as ranges over the bytes they arrived in.
///
/// Two arenas: `wire` is what was read and is never written to; the own arena holds what was added since. A line that nobody
/// touches is copied once, into the outgoing buffer. The same type serves HTTP/1 and HTTP/2.
///
/// Names keep the spelling they arrived in; look-ups ignore letter case. Lines keep their order.
///
/// Not copyable: a copy made in passing costs six atomic counts, and a request used to pay for twenty of them. Who needs a
/// second one says so with ``copy()``.
package struct HeaderBlock: ~Copyable {
    /// One field line. 20 bytes.
    package struct Entry: Sendable {
        package var name: ByteRef
        package var value: ByteRef
        package var id: HeaderID
        /// Whether the one who sent it wants it kept out of HPACK's tables (RFC 7541 §6.2.3).
        package var isSensitive = false
    }

    package private(set) var entries: [Entry] = []
    /// One bit per ``HeaderID`` that has a line here, so that most look-ups end at once.
    package private(set) var present: UInt64 = 0
    /// Whether a name holds something other than a letter, a digit or a dash, such as `X_Forwarded_For`, which some backends
    /// read as its dashed twin.
    package private(set) var hasAliases = false

    /// Keeps the bytes alive that `wireBytes` points to. Never written to, so they stay where they are.
    private var wire = ByteBuffer()
    @usableFromInline private(set) var wireBytes = UnsafeRawBufferPointer(start: nil, count: 0)
    private var own = ByteArena()
    @usableFromInline var ownBytes: UnsafeRawBufferPointer { own.bytes }

    package init() {}

    /// Another block with the same lines.
    package func copy() -> HeaderBlock {
        var other = HeaderBlock()
        other.entries = entries
        other.present = present
        other.hasAliases = hasAliases
        other.wire = wire
        other.wireBytes = wireBytes
        _ = other.own.append(own.bytes)
        return other
    }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }

    // MARK: Filling

    /// Empties the block and makes `wire` the arena that later ``append(id:name:value:alias:)`` calls point into.
    package mutating func reset(wire: ByteBuffer) {
        setWire(wire)
        own.clear()
        entries.removeAll(keepingCapacity: true)
        present = 0
        hasAliases = false
    }

    /// Lets go of the bytes read, so that an idle connection does not hold its last request. Memory over 4 KiB is returned.
    package mutating func clear() {
        setWire(ByteBuffer())
        own.clear(keepingAtMost: 4096)
        if entries.capacity > 64 { entries = [] } else { entries.removeAll(keepingCapacity: true) }
        present = 0
        hasAliases = false
    }

    private mutating func setWire(_ buffer: ByteBuffer) {
        wire = buffer
        // The address outlives the closure: `wire` holds the storage, and a storage with more than one owner, or one that is only
        // read from, is never moved.
        wireBytes = wire.withUnsafeReadableBytes { $0 }
    }

    /// Adds a line whose parts already lie in an arena. Used by the parsers.
    package mutating func append(
        id: HeaderID, name: ByteRef, value: ByteRef, alias: Bool = false, isSensitive: Bool = false
    ) {
        entries.append(Entry(name: name, value: value, id: id, isSensitive: isSensitive))
        present |= id.bit
        if alias { hasAliases = true }
    }

    /// Copies `bytes` into the block's own arena.
    package mutating func store(_ bytes: UnsafeRawBufferPointer) -> ByteRef {
        ByteRef(offset: own.append(bytes), length: bytes.count, owned: true)
    }

    package mutating func store(_ text: String) -> ByteRef {
        var text = text
        return text.withUTF8 { store(UnsafeRawBufferPointer($0)) }
    }

    package mutating func store(_ text: StaticString) -> ByteRef { store(text.bytes) }

    /// Stores `prefix` and, right behind it, a copy of a run this block has already.
    package mutating func store(_ prefix: [UInt8], before rest: ByteRef) -> ByteRef {
        let offset = prefix.withUnsafeBytes { own.append($0) }
        _ = own.append(bytes(rest))
        return ByteRef(offset: offset, length: prefix.count + rest.length, owned: true)
    }

    /// Adds a line under a known name, in its canonical spelling, after those already there.
    package mutating func add(_ id: HeaderID, _ value: ByteRef) {
        let name = store(id.name)
        append(id: id, name: name, value: value)
    }

    package mutating func add(_ id: HeaderID, _ value: String) { add(id, store(value)) }
    package mutating func add(_ id: HeaderID, _ value: StaticString) { add(id, store(value)) }
    package mutating func add(_ id: HeaderID, _ value: UnsafeRawBufferPointer) { add(id, store(value)) }

    /// Adds a line under a known name before all others.
    package mutating func prepend(_ id: HeaderID, _ value: UnsafeRawBufferPointer) {
        let name = store(id.name)
        entries.insert(Entry(name: name, value: store(value), id: id), at: 0)
        present |= id.bit
    }

    /// Adds a line under any name, spelt as given.
    package mutating func add(name: String, value: String) {
        var name = name
        let id = name.withUTF8 { HeaderID.lookup(UnsafeRawBufferPointer($0)) }
        let alias = name.utf8.contains { !Self.isPlainNameByte($0) }
        let nameRef = store(name)
        append(id: id, name: nameRef, value: store(value), alias: alias)
    }

    /// Replaces every line of that name by one.
    package mutating func set(_ id: HeaderID, _ value: ByteRef) {
        remove(id)
        add(id, value)
    }

    package mutating func set(_ id: HeaderID, _ value: String) { set(id, store(value)) }
    package mutating func set(_ id: HeaderID, _ value: StaticString) { set(id, store(value)) }

    package mutating func set(name: String, value: String) {
        remove(name: name)
        add(name: name, value: value)
    }

    // MARK: Removing

    /// Removes every line of a known name. Free when there is none.
    package mutating func remove(_ id: HeaderID) {
        guard present & id.bit != 0 else { return }
        entries.removeAll { $0.id == id }
        present &= ~id.bit
    }

    /// Removes every line of the names in the mask. Free when there is none.
    package mutating func remove(mask: UInt64) {
        guard present & mask != 0 else { return }
        entries.removeAll { $0.id.bit & mask != 0 }
        present &= ~mask
    }

    /// Removes every line of that name, letter case ignored.
    package mutating func remove(name: String) {
        var name = name
        name.withUTF8 { remove(name: UnsafeRawBufferPointer($0)) }
    }

    package mutating func remove(name: UnsafeRawBufferPointer) {
        let id = HeaderID.lookup(name)
        guard id == .other else { return remove(id) }
        var index = 0
        while index < entries.count {
            if entries[index].id == .other, nameEquals(at: index, name) {
                entries.remove(at: index)
            } else {
                index += 1
            }
        }
    }

    /// Removes the lines for which `predicate` says so.
    package mutating func removeAll(where predicate: (borrowing HeaderBlock, Entry) -> Bool) {
        var kept: [Entry] = []
        kept.reserveCapacity(entries.count)
        var mask: UInt64 = 0
        for entry in entries where !predicate(self, entry) {
            kept.append(entry)
            mask |= entry.id.bit
        }
        entries = kept
        present = mask
    }

    /// Points the value of an existing line elsewhere.
    package mutating func replaceValue(at index: Int, with value: ByteRef) {
        entries[index].value = value
    }

    // MARK: Reading

    @inlinable
    package func contains(_ id: HeaderID) -> Bool { present & id.bit != 0 }

    package func contains(name: String) -> Bool { firstIndex(name: name) != nil }

    /// The value of the first line of that name.
    package func first(_ id: HeaderID) -> ByteRef? {
        guard present & id.bit != 0 else { return nil }
        for index in entries.indices where entries[index].id == id { return entries[index].value }
        return nil
    }

    /// How many lines bear that name.
    package func count(of id: HeaderID) -> Int {
        guard present & id.bit != 0 else { return 0 }
        var count = 0
        for index in entries.indices where entries[index].id == id { count += 1 }
        return count
    }

    package func firstIndex(name: String) -> Int? {
        var name = name
        return name.withUTF8 { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            let id = HeaderID.lookup(raw)
            if id != .other { return entries.firstIndex { $0.id == id } }
            return entries.indices.first { entries[$0].id == .other && nameEquals(at: $0, raw) }
        }
    }

    /// The value of the first line of that name, as text (bytes that are no UTF-8 are repaired). Not for the plain path.
    package func string(_ id: HeaderID) -> String? { first(id).map { string($0) } }

    package func string(name: String) -> String? { firstIndex(name: name).map { string(entries[$0].value) } }

    /// All values of that name, in order.
    package func strings(name: String) -> [String] {
        var name = name
        return name.withUTF8 { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            return entries.indices.filter { nameEquals(at: $0, raw) }.map { string(entries[$0].value) }
        }
    }

    package func string(_ ref: ByteRef) -> String {
        withBytes(ref) { String(decoding: $0, as: UTF8.self) }
    }

    /// Lends the bytes of a run.
    @inlinable
    package func withBytes<Result>(_ ref: ByteRef, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
    {
        try body(bytes(ref))
    }

    @inlinable
    func bytes(_ ref: ByteRef) -> UnsafeRawBufferPointer {
        let arena = ref.owned ? ownBytes : wireBytes
        let start = Int(ref.offset)
        return UnsafeRawBufferPointer(rebasing: arena[start..<(start &+ ref.length)])
    }

    package func nameEquals(at index: Int, _ name: UnsafeRawBufferPointer) -> Bool {
        withBytes(entries[index].name) { ASCII.equalIgnoringCase($0, name) }
    }

    /// Appends the bytes of a run to `out`.
    @inlinable
    package func write(_ ref: ByteRef, to out: inout ByteBuffer) {
        withBytes(ref) { _ = out.writeBytes($0) }
    }

    package static func isPlainNameByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D
    }
}
