extension HeaderBlock {
    /// Lends both arenas, for writers that copy many lines: offsets of a ``ByteRef`` count from the start of its arena.
    package func withArenas<Result>(
        _ body: (_ wire: UnsafeRawBufferPointer, _ own: UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try body(wireBytes, ownBytes)
    }
}
