/// Memory that bytes are added to and read from by their offset; it grows, and forgets everything at once.
struct ByteArena: ~Copyable {
    private var memory: UnsafeMutableRawPointer?
    private var capacity = 0
    private(set) var count = 0

    init() {}

    deinit { memory?.deallocate() }

    /// All bytes so far. Valid until the next change.
    @inline(__always)
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

    /// Copies `bytes` behind those already here, and returns where. `bytes` may be part of this arena.
    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> Int {
        let offset = count
        guard let source = bytes.baseAddress, bytes.count > 0 else { return offset }
        if capacity - count < bytes.count { return appendGrowing(bytes) }
        memory?.advanced(by: offset).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
        return offset
    }

    @inline(never)
    private mutating func appendGrowing(_ bytes: UnsafeRawBufferPointer) -> Int {
        let offset = count
        let wanted = max(256, (count + bytes.count) * 2)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 8)
        if let memory { larger.copyMemory(from: memory, byteCount: count) }
        if let source = bytes.baseAddress {
            larger.advanced(by: offset).copyMemory(from: source, byteCount: bytes.count)
        }
        memory?.deallocate()
        memory = larger
        capacity = wanted
        count += bytes.count
        return offset
    }

    mutating func clear() { count = 0 }

    /// Forgets all bytes, and gives the memory back when there is more of it than that.
    mutating func clear(keepingAtMost limit: Int) {
        count = 0
        guard capacity > limit else { return }
        memory?.deallocate()
        memory = nil
        capacity = 0
    }
}
