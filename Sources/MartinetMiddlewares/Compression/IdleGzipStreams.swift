import CZlib
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Streams of zlib that no answer needs at the moment, for the next one on any event loop.
///
/// A stream is 268 KiB. Made and thrown away with each answer, its memory goes back to the system and comes again page by page: two
/// system calls and twenty page faults, a tenth of the CPU that 4 KiB of JSON take.
final class IdleGzipStreams: Sendable {
    static let shared = IdleGzipStreams()
    /// Most streams that wait, 4 MiB in all.
    static let capacity = 16
    /// A stream belongs to whoever takes its address out of here.
    private nonisolated(unsafe) let places: UnsafeMutablePointer<Atomic<UnsafeMutablePointer<z_stream>?>> =
        ZeroedMemory.make(capacity)

    /// A stream at its beginning; nil when none is idle.
    func take() -> UnsafeMutablePointer<z_stream>? {
        for place in 0..<Self.capacity where places[place].load(ordering: .relaxed) != nil {
            guard let stream = places[place].exchange(nil, ordering: .acquiring) else { continue }
            if deflateReset(stream) == Z_OK { return stream }
            GzipEncoder.discard(stream)
        }
        return nil
    }

    /// Takes a stream in, whatever has become of it; false when there are enough.
    func keep(_ stream: UnsafeMutablePointer<z_stream>) -> Bool {
        for place in 0..<Self.capacity where places[place].load(ordering: .relaxed) == nil {
            let result = places[place].compareExchange(expected: nil, desired: stream, ordering: .releasing)
            if result.exchanged { return true }
        }
        return false
    }

    deinit {
        while let stream = take() { GzipEncoder.discard(stream) }
        free(places)
    }
}
