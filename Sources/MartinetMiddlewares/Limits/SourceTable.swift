import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A word of memory for each source, shared by all event loops: a count, or the state of a bucket.
///
/// Sources that are known are found, read and changed with atomic operations alone. Only who enters a new source holds a flag for the
/// few nanoseconds that takes, so that no source ever has two places: counts are exact over the whole process.
///
/// ```
/// key ──► group of 8 places ──► found? change its word (compare and exchange)
///                          └──► not there: claim a free place, or one whose source is idle
/// ```
///
/// The table begins with 256 places and doubles, up to its capacity. Each size has a group for a source among the places that came
/// with that size, so that whoever finds one full has another elsewhere: the table doubles when the groups of all sizes so far are
/// full. Places are never moved; a source is looked for in its groups from the largest size to the smallest. Memory that no source
/// uses is never touched, so the system does not spend any on it: 4 KiB for few sources, 1 MiB for 65,536.
final class SourceTable: Sendable {
    /// Most sources, as in Traefik.
    static let capacity = 65_536
    private static let groupSize = 8
    private static let smallest = 32
    /// Written to a word while its place passes to another source.
    private static let leaving = UInt64.max

    /// Key and word of each place. A key is 0 until the place is first used.
    private nonisolated(unsafe) let places: UnsafeMutablePointer<Place>
    /// Groups in use, a power of two.
    private let groups = Atomic<Int>(smallest)
    /// How many there may be.
    private let largest: Int
    private let evicted = Atomic<UInt64>(0)
    /// Held while a source is entered whose smallest group has this number.
    private nonisolated(unsafe) let flags: UnsafeMutablePointer<Flag>

    private struct Place: ~Copyable {
        let key: Atomic<UInt64>
        let word: Atomic<UInt64>
    }

    private struct Flag: ~Copyable {
        let held: Atomic<Bool>
    }

    /// What an operation does with a source's word.
    enum Change {
        /// Put this in its place; any value below `UInt64.max`.
        case store(UInt64)
        case leave
    }

    /// Where a source has its word; valid as long as its word is not idle.
    struct Index: Sendable, Equatable {
        let value: Int
    }

    /// - Parameter capacity: most sources: a power of two, at least 256.
    init(capacity: Int = SourceTable.capacity) {
        largest = max(Self.smallest, capacity / Self.groupSize)
        // Zeroed memory comes from the system page by page as it is touched; all-zero is what both structures begin with.
        places = ZeroedMemory.make(largest * Self.groupSize)
        flags = ZeroedMemory.make(Self.smallest)
    }

    deinit {
        free(places)
        free(flags)
    }

    /// Changes the word of `key`. A source that is not there is entered with the word 0.
    ///
    /// - Parameters:
    ///   - idle: words up to this are worth no more than fresh ones, so that their places may go to other sources.
    ///   - change: asked again when another loop was faster.
    ///   - evicts: whether, when no place is free or idle, the source with the lowest word in the group has to go.
    /// - Returns: nil, and nothing is changed, when the source could get no place.
    @discardableResult
    func update(
        _ key: UInt64, idleUpTo idle: UInt64, evicts: Bool = false, enters: Bool = true, change: (UInt64) -> Change
    ) -> Index? {
        while let index = find(key) ?? (enters ? enter(key, idleUpTo: idle, evicts: evicts) : nil) {
            var word = places[index].word.load(ordering: .acquiring)
            // The place may have passed to another source; its word is changed only if key and word belong together.
            while word != Self.leaving, places[index].key.load(ordering: .acquiring) == key {
                guard case .store(let new) = change(word) else { return Index(value: index) }
                let result = places[index].word.compareExchange(
                    expected: word, desired: new, ordering: .acquiringAndReleasing)
                if result.exchanged {
                    if places[index].key.load(ordering: .acquiring) == key { return Index(value: index) }
                    // The place passed to another source whose word happened to be the same. A word that has just been
                    // changed is not idle, so the place cannot pass on again before this is undone.
                    places[index].word.wrappingSubtract(new &- word, ordering: .acquiringAndReleasing)
                    break
                }
                word = result.original
            }
        }
        return nil
    }

    /// Takes one off the word at `index`, whose source's word is above 0 and so has not moved.
    func decrement(_ index: Index) {
        places[index.value].word.wrappingSubtract(1, ordering: .acquiringAndReleasing)
    }

    /// The highest word that a source had when it was evicted: of a source with a higher one, not being here means that it never was.
    var highestEvicted: UInt64 { evicted.load(ordering: .acquiring) }

    // MARK: Finding

    private func find(_ key: UInt64) -> Int? {
        first(key, upTo: groups.load(ordering: .acquiring)) { find(key, in: $0) }
    }

    /// What is found in the first group of the source that has it, from the largest size of the table to the smallest.
    private func first(_ key: UInt64, upTo count: Int, _ look: (_ group: Int) -> Int?) -> Int? {
        var size = count
        while size >= Self.smallest {
            if let index = look(Self.group(key, size)) { return index }
            size /= 2
        }
        return nil
    }

    private func find(_ key: UInt64, in group: Int) -> Int? {
        let first = group * Self.groupSize
        for index in first..<(first + Self.groupSize) where places[index].key.load(ordering: .acquiring) == key {
            return index
        }
        return nil
    }

    /// The group of the source among those that came when the table grew to `count`; the first `smallest` were there from the
    /// beginning. Sources that share any of them share the smallest, whose flag keeps them apart.
    private static func group(_ key: UInt64, _ count: Int) -> Int {
        let fresh = count == smallest ? smallest : count / 2
        return (count - fresh) + Int(truncatingIfNeeded: key >> 7) & (fresh - 1)
    }

    // MARK: Entering

    /// Gives a new source a place in one of its groups, unless another loop has just done so; nil when there is none.
    private func enter(_ key: UInt64, idleUpTo idle: UInt64, evicts: Bool) -> Int? {
        let flag = Self.group(key, Self.smallest)
        // Held for nanoseconds, by a thread that is running: waiting for it is shorter than going to sleep.
        var rounds = 0
        while flags[flag].held.exchange(true, ordering: .acquiring) {
            rounds += 1
            if rounds % 64 == 0 { sched_yield() }
        }
        defer { flags[flag].held.store(false, ordering: .releasing) }
        if let index = find(key) { return index }
        while true {
            let count = groups.load(ordering: .acquiring)
            if let index = first(key, upTo: count, { claim(key, in: $0, idleUpTo: idle) }) { return index }
            guard count < largest else { return evicts ? evict(for: key, upTo: count) : nil }
            _ = groups.compareExchange(expected: count, desired: count * 2, ordering: .acquiringAndReleasing)
        }
    }

    private func claim(_ key: UInt64, in group: Int, idleUpTo idle: UInt64) -> Int? {
        let first = group * Self.groupSize
        for index in first..<(first + Self.groupSize) {
            let word = places[index].word.load(ordering: .acquiring)
            if word <= idle, replace(word, at: index, with: key) { return index }
        }
        return nil
    }

    /// Takes the place of the source whose word is lowest. Each round that fails is one in which another loop got on.
    private func evict(for key: UInt64, upTo count: Int) -> Int {
        while true {
            var lowest = (index: Self.group(key, count) * Self.groupSize, word: Self.leaving)
            _ = first(key, upTo: count) { group in
                for index in (group * Self.groupSize)..<((group + 1) * Self.groupSize) {
                    let word = places[index].word.load(ordering: .acquiring)
                    if word < lowest.word { lowest = (index, word) }
                }
                return nil
            }
            // Told before it is gone, so that nobody misses it without knowing why.
            evicted.max(lowest.word, ordering: .acquiringAndReleasing)
            if replace(lowest.word, at: lowest.index, with: key) { return lowest.index }
        }
    }

    /// Whoever is changing the word at the moment wins: then false, and nothing has happened.
    private func replace(_ word: UInt64, at index: Int, with key: UInt64) -> Bool {
        guard
            places[index].word.compareExchange(
                expected: word, desired: Self.leaving, ordering: .acquiringAndReleasing
            ).exchanged
        else { return false }
        places[index].key.store(key, ordering: .releasing)
        places[index].word.store(0, ordering: .releasing)
        return true
    }
}
