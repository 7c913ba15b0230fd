import MartinetCore

/// Sources as numbers: a hash of 64 bits whose seed is drawn when the process starts, so that nobody can make two sources meet on
/// purpose; by chance, two of 65,536 meet once in ten thousand million tables.
enum SourceKey {
    static func make(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        return finish(hasher)
    }

    static func make(_ address: IPAddress) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(address.value)
        return finish(hasher)
    }

    /// Never 0, which marks a free place of a ``SourceTable``.
    private static func finish(_ hasher: Hasher) -> UInt64 {
        let hash = UInt64(bitPattern: Int64(hasher.finalize()))
        return hash == 0 ? 1 : hash
    }
}
