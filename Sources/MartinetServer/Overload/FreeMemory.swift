#if canImport(Glibc)
import Glibc
#endif

/// What the allocator keeps for later.
package enum FreeMemory {
    /// Gives it back to the system, where that can be asked for. Takes milliseconds in a large process.
    package static func giveBack() {
        #if canImport(Glibc)
        // Not in the headers that Swift sees; absent from other C libraries.
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> CInt).self)(0)
        #endif
    }
}
