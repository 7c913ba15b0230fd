/// Memory in which one literal field is put together; kept from field to field.
struct HPACKScratch: ~Copyable {
    private var memory: UnsafeMutableRawPointer?
    private var capacity = 0
    private(set) var count = 0

    init() {}

    deinit { memory?.deallocate() }

    mutating func clear() { count = 0 }

    /// Gives the memory back when an unusual field made it large.
    mutating func trim() {
        guard capacity > 16384 else { return }
        memory?.deallocate()
        memory = nil
        capacity = 0
        count = 0
    }

    /// Valid until the next change.
    func bytes(from start: Int) -> UnsafeRawBufferPointer { bytes(from: start, length: count &- start) }

    func bytes(from start: Int, length: Int) -> UnsafeRawBufferPointer {
        guard let memory else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: memory + start, count: length)
    }

    /// Adds a string behind what is here.
    mutating func append(_ text: UnsafeRawBufferPointer, isHuffman: Bool) throws(HPACKError) {
        guard let source = text.baseAddress, text.count > 0 else { return }
        let bound = isHuffman ? HuffmanDecoder.bound(text.count) : text.count
        let room = reserve(bound)
        if isHuffman {
            count &+= try HuffmanDecoder.shared.decode(text, to: room)
        } else {
            room.baseAddress?.copyMemory(from: source, byteCount: text.count)
            count &+= text.count
        }
    }

    private mutating func reserve(_ length: Int) -> UnsafeMutableRawBufferPointer {
        if let memory, capacity &- count >= length {
            return UnsafeMutableRawBufferPointer(start: memory + count, count: length)
        }
        let wanted = max(512, (count &+ length) &* 2)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 8)
        if let memory { larger.copyMemory(from: memory, byteCount: count) }
        memory?.deallocate()
        memory = larger
        capacity = wanted
        return UnsafeMutableRawBufferPointer(start: larger + count, count: length)
    }
}
