/// A map from byte strings, each in a numbered scope, to small consecutive numbers: open addressing over one arena.
///
/// Keys come from the configuration, so nobody outside can choose them to collide. Looking up allocates nothing, and
/// hashes of all prefixes of a string come from one pass over it (``Hash``).
package struct ByteTable: Sendable {
    /// FNV-1a over the bytes seen so far; `value(in:)` adds the scope and spreads the bits.
    package struct Hash {
        private var state: UInt64 = 0xCBF2_9CE4_8422_2325

        package init() {}

        @inline(__always)
        package mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }

        @inline(__always)
        package mutating func add(_ bytes: UnsafeRawBufferPointer) {
            for byte in bytes { add(byte) }
        }

        @inline(__always)
        package func value(in scope: UInt32) -> UInt32 {
            var mixed = state ^ (UInt64(scope) &* 0x9E37_79B9_7F4A_7C15)
            mixed = (mixed ^ mixed >> 32) &* 0xD6E8_FEB8_6659_FD93
            return UInt32(truncatingIfNeeded: mixed ^ mixed >> 32)
        }
    }

    private struct Slot: Sendable {
        var hash: UInt32
        var scope: UInt32
        var offset: UInt32
        var length: UInt32
        /// The key's number plus one; 0 marks a free slot.
        var tag: UInt32
    }

    private var slots: [Slot]
    private var arena: [UInt8] = []
    private(set) var count = 0

    package init(minimumCapacity: Int = 4) {
        var size = 8
        while size < minimumCapacity * 2 { size *= 2 }
        slots = Array(repeating: Slot(hash: 0, scope: 0, offset: 0, length: 0, tag: 0), count: size)
    }

    /// The number of the key, which is given the next one if it is new.
    package mutating func number(of key: [UInt8], in scope: UInt32) -> Int {
        let hash = key.withUnsafeBytes { bytes in
            var hash = Hash()
            hash.add(bytes)
            return hash.value(in: scope)
        }
        if let found = key.withUnsafeBytes({ find($0, in: scope, hash: hash) }) { return found }
        if (count + 1) * 2 > slots.count { grow() }
        place(
            Slot(
                hash: hash,
                scope: scope,
                offset: UInt32(truncatingIfNeeded: arena.count),
                length: UInt32(truncatingIfNeeded: key.count),
                tag: UInt32(truncatingIfNeeded: count + 1)
            )
        )
        arena.append(contentsOf: key)
        count += 1
        return count - 1
    }

    /// The number of the key, or nil. `hash` is that of `key` in `scope`.
    @inline(__always)
    package func find(_ key: UnsafeRawBufferPointer, in scope: UInt32, hash: UInt32) -> Int? {
        slots.withUnsafeBufferPointer { slots in
            let mask = slots.count &- 1
            var index = Int(hash) & mask
            while slots[index].tag != 0 {
                let slot = slots[index]
                if slot.hash == hash, slot.scope == scope, slot.length == key.count, holds(slot, key) {
                    return Int(slot.tag) &- 1
                }
                index = (index &+ 1) & mask
            }
            return nil
        }
    }

    private func holds(_ slot: Slot, _ key: UnsafeRawBufferPointer) -> Bool {
        arena.withUnsafeBytes { arena in
            for index in 0..<key.count where arena[Int(slot.offset) &+ index] != key[index] { return false }
            return true
        }
    }

    private mutating func place(_ slot: Slot) {
        let mask = slots.count - 1
        var index = Int(slot.hash) & mask
        while slots[index].tag != 0 { index = (index + 1) & mask }
        slots[index] = slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(hash: 0, scope: 0, offset: 0, length: 0, tag: 0), count: old.count * 2)
        for slot in old where slot.tag != 0 { place(slot) }
    }
}
