import MartinetCore
import NIOCore

/// A body that is kept whole before it goes on: in memory as long as it is short, in a file without a name once it is not.
///
/// Belongs to its event loop; the file is touched by worker threads only, and written by one at a time. Bytes on their way to the file
/// stay in memory until they are written, so whoever fills a spool stops while it is busy.
final class Spool {
    /// Bytes that may be on their way to the file before ``isBusy``.
    private static let mostWaiting = 262_144
    /// Bytes read from the file at a time.
    static let pieceSize = 65_536

    private let loop: LoopContext
    private let memory: Int
    private var kept = ByteBuffer()
    private var file: SpoolFile?
    private var waiting: [ByteBuffer] = []
    private var waitingBytes = 0
    private var isWriting = false
    private var failed = false
    private var finished: ((Bool) -> Void)?
    /// All that was appended, in bytes.
    private(set) var count = 0
    /// Called when it is busy no more.
    var whenReady: (() -> Void)?

    /// `memory`: longest body, in bytes, that is not written to a file.
    init(memory: Int, loop: LoopContext) {
        self.memory = max(0, memory)
        self.loop = loop
    }

    deinit {
        // The last reference goes on a worker: giving back the blocks of a large file takes its time.
        if let file { loop.store { file.close() } }
    }

    var isBusy: Bool { waitingBytes > Self.mostWaiting }

    /// The whole body, when it is in memory.
    var content: ByteBuffer? { file == nil ? kept : nil }

    // MARK: Filling

    func append(_ piece: ByteBuffer) {
        var piece = piece
        count += piece.readableBytes
        if file == nil {
            kept.writeBuffer(&piece)
            guard count > memory else { return }
            file = SpoolFile()
            piece = kept
            kept = ByteBuffer()
        }
        waiting.append(piece)
        waitingBytes += piece.readableBytes
        write()
    }

    /// Calls back once everything is where it belongs; false when the file could not be written.
    func finish(_ body: @escaping (Bool) -> Void) {
        if isWriting { finished = body } else { body(!failed) }
    }

    private func write() {
        guard !isWriting, !waiting.isEmpty, let file else { return }
        isWriting = true
        let pieces = waiting
        let bytes = waitingBytes
        waiting = []
        run {
            file.append(pieces)
        } then: { [self] written in
            isWriting = false
            let wasBusy = isBusy
            waitingBytes -= bytes
            if !written {
                failed = true
                waiting = []
                waitingBytes = 0
            }
            write()
            if wasBusy, !isBusy { whenReady?() }
            if !isWriting, let finished {
                self.finished = nil
                finished(!failed)
            }
        }
    }

    // MARK: Emptying

    /// Reads a piece of the file, at most ``pieceSize`` bytes; nil when it cannot be read. Only after ``finish(_:)``.
    func read(at offset: Int, _ body: @escaping (ByteBuffer?) -> Void) {
        guard let file else { return body(nil) }
        let length = min(Self.pieceSize, count - offset)
        run {
            file.read(at: offset, length: length)
        } then: {
            body($0)
        }
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value, then body: @escaping (Value) -> Void) {
        let promise = loop.eventLoop.makePromise(of: Value.self)
        promise.futureResult.assumeIsolated().whenSuccess(body)
        loop.store { promise.succeed(work()) }
    }
}
