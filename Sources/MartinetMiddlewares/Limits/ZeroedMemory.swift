#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Memory that is all zero. The system gives it page by page as it is touched. To be returned with `free`.
enum ZeroedMemory {
    static func make<Value: ~Copyable>(_ count: Int) -> UnsafeMutablePointer<Value> {
        if let memory = calloc(max(1, count), MemoryLayout<Value>.stride) {
            return memory.bindMemory(to: Value.self, capacity: count)
        }
        // There is no memory. Asking once more ends the process with the words that every allocation has for it.
        let size = max(1, count) * MemoryLayout<Value>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        return memory.bindMemory(to: Value.self, capacity: count)
    }
}
