import Synchronization

/// Work that another thread is to do, and that nobody may want any more when its turn comes: whoever asked for it has left.
final class OffloadedWork: Sendable {
    private let isCancelled = Atomic<Bool>(false)

    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    var isWanted: Bool { !isCancelled.load(ordering: .relaxed) }
}
