/// The dynamic table of one direction of a connection (RFC 7541 §2.3.2): names and values in one piece of memory, newest last.
///
/// Bytes are found by how many were ever stored before them. When the end of the memory is reached the living ones move to its
/// front; with memory for twice the table's size that happens at most once for each time the table is renewed. No memory is
/// taken before the first entry, so that idle connections cost nothing.
struct HPACKDynamicTable: ~Copyable {
    struct Entry: Sendable {
        /// Bytes ever stored before this entry's name; its value follows the name.
        var start: Int
        var nameLength: Int
        var valueLength: Int
        /// For ``find(hash:name:value:)``.
        var hash: UInt32
        var id: HeaderID
        var kind: HPACKNameKind
        var hasCleanValue: Bool

        var size: Int { nameLength &+ valueLength &+ HPACKDynamicTable.overhead }
    }

    /// What an entry counts beside its bytes (§4.1).
    static let overhead = 32

    /// Bytes the entries may count in all. Changed by ``resize(to:)``.
    private(set) var maxSize: Int
    private(set) var size = 0
    private(set) var count = 0

    /// A ring; its length is a power of two.
    private var ring: [Entry] = []
    private var first = 0
    private var memory: UnsafeMutableRawPointer?
    private var capacity = 0
    /// Bytes ever stored, and how many of them had been when `memory` begins.
    private var stored = 0
    private var base = 0

    init(maxSize: Int) {
        self.maxSize = maxSize
    }

    deinit { memory?.deallocate() }

    /// The entry with that index; 0 is the newest. Nil when there are not so many.
    func entry(at index: Int) -> Entry? {
        guard index >= 0, index < count else { return nil }
        return ring[(first &+ count &- 1 &- index) & (ring.count &- 1)]
    }

    /// Valid until the next change of the table.
    func name(of entry: Entry) -> UnsafeRawBufferPointer { bytes(entry.start, entry.nameLength) }

    func value(of entry: Entry) -> UnsafeRawBufferPointer {
        bytes(entry.start &+ entry.nameLength, entry.valueLength)
    }

    private func bytes(_ start: Int, _ length: Int) -> UnsafeRawBufferPointer {
        guard let memory, start >= base, start &- base &+ length <= capacity else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: memory + (start &- base), count: length)
    }

    /// Adds an entry, which may cost old ones their place; one larger than the table empties it (§4.4). `name` and `value` must
    /// not lie in the table.
    mutating func insert(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, id: HeaderID, kind: HPACKNameKind,
        hasCleanValue: Bool, hash: UInt32 = 0
    ) {
        let length = name.count &+ value.count
        evict(to: maxSize &- length &- Self.overhead)
        guard length &+ Self.overhead <= maxSize, let memory = reserve(length) else { return }
        let start = stored
        if let source = name.baseAddress { memory.copyMemory(from: source, byteCount: name.count) }
        if let source = value.baseAddress { (memory + name.count).copyMemory(from: source, byteCount: value.count) }
        stored &+= length
        if count == ring.count { growRing() }
        ring[(first &+ count) & (ring.count &- 1)] = Entry(
            start: start, nameLength: name.count, valueLength: value.count, hash: hash, id: id, kind: kind,
            hasCleanValue: hasCleanValue)
        count &+= 1
        size &+= length &+ Self.overhead
    }

    /// Sets the size the entries may have in all (§4.3).
    mutating func resize(to newSize: Int) {
        maxSize = newSize
        evict(to: newSize)
        guard newSize == 0 else { return }
        memory?.deallocate()
        memory = nil
        capacity = 0
        base = stored
        ring = []
        first = 0
    }

    /// The index of the entry with that name and value, letter case of the name ignored.
    func find(hash: UInt32, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> Int? {
        var index = 0
        while index < count {
            let entry = ring[(first &+ count &- 1 &- index) & (ring.count &- 1)]
            if entry.hash == hash, entry.nameLength == name.count, entry.valueLength == value.count,
                self.value(of: entry).elementsEqual(value), ASCII.equalIgnoringCase(self.name(of: entry), name)
            {
                return index
            }
            index &+= 1
        }
        return nil
    }

    private mutating func evict(to limit: Int) {
        while count > 0, size > limit {
            size &-= ring[first].size
            first = (first &+ 1) & (ring.count &- 1)
            count &-= 1
        }
    }

    /// Where the next `length` bytes go.
    private mutating func reserve(_ length: Int) -> UnsafeMutableRawPointer? {
        let used = stored &- base
        if let memory, capacity &- used >= length { return memory + used }
        let oldest = count > 0 ? ring[first].start : stored
        let living = stored &- oldest
        if let memory, (living &+ length) &* 2 <= capacity {
            memmove(memory, from: oldest &- base, count: living)
            base = oldest
            return memory + living
        }
        // Twice what lives is the most that is ever needed, and what lives is bounded by the table's size.
        let wanted = max(256, (living &+ length) &* 2)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 8)
        if let memory { larger.copyMemory(from: memory + (oldest &- base), byteCount: living) }
        memory?.deallocate()
        memory = larger
        capacity = wanted
        base = oldest
        return larger + living
    }

    private func memmove(_ memory: UnsafeMutableRawPointer, from offset: Int, count: Int) {
        // `copyMemory` allows for the two to overlap.
        memory.copyMemory(from: memory + offset, byteCount: count)
    }

    private mutating func growRing() {
        var larger: [Entry] = []
        larger.reserveCapacity(max(8, ring.count &* 2))
        for index in 0..<count { larger.append(ring[(first &+ index) & (ring.count &- 1)]) }
        let empty = Entry(
            start: 0, nameLength: 0, valueLength: 0, hash: 0, id: .other, kind: .plain, hasCleanValue: true)
        while larger.count < max(8, ring.count &* 2) { larger.append(empty) }
        ring = larger
        first = 0
    }
}
