/// The open streams of a connection by their number: open addressing, where numbers that follow each other do not collide.
struct HTTP2StreamTable {
    private static let free = HTTP2Stream(id: .connection, sendWindow: 0, receiveWindow: 0)

    private var slots: [HTTP2Stream] = []
    private(set) var count = 0

    /// Where the stream is; valid until the next insertion or removal.
    func index(of id: HTTP2StreamID) -> Int? {
        guard count > 0, !id.isConnection else { return nil }
        var slot = home(id)
        while !slots[slot].id.isConnection {
            if slots[slot].id == id { return slot }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
        return nil
    }

    subscript(index: Int) -> HTTP2Stream {
        _read { yield slots[index] }
        _modify { yield &slots[index] }
    }

    /// Adds a stream that is not in the table.
    mutating func insert(_ stream: HTTP2Stream) {
        if (count &+ 1) &* 4 > slots.count &* 3 { grow() }
        place(stream)
        count &+= 1
    }

    mutating func remove(at index: Int) {
        var hole = index
        var slot = (index &+ 1) & (slots.count &- 1)
        // Those behind move up, so that no search stops too early.
        while !slots[slot].id.isConnection {
            let distance = (slot &- home(slots[slot].id)) & (slots.count &- 1)
            if distance >= (slot &- hole) & (slots.count &- 1) {
                slots[hole] = slots[slot]
                hole = slot
            }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
        slots[hole] = Self.free
        count &-= 1
    }

    /// Lets `body` change each stream.
    mutating func update(_ body: (inout HTTP2Stream) throws(HTTP2Error) -> Void) throws(HTTP2Error) {
        for index in slots.indices where !slots[index].id.isConnection { try body(&slots[index]) }
    }

    func first(where predicate: (HTTP2Stream) -> Bool) -> HTTP2Stream? {
        guard count > 0 else { return nil }
        return slots.first { !$0.id.isConnection && predicate($0) }
    }

    private func home(_ id: HTTP2StreamID) -> Int { Int(id.number >> 1) & (slots.count &- 1) }

    private mutating func place(_ stream: HTTP2Stream) {
        var slot = home(stream.id)
        while !slots[slot].id.isConnection { slot = (slot &+ 1) & (slots.count &- 1) }
        slots[slot] = stream
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Self.free, count: max(8, old.count &* 2))
        for stream in old where !stream.id.isConnection { place(stream) }
    }
}
