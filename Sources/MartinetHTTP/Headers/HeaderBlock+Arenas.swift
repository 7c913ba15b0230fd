import NIOCore

extension HeaderBlock {
    /// Lends both arenas, for writers that copy many lines: offsets of a ``ByteRef`` count from the start of its arena.
    package func withArenas<Result>(
        _ body: (_ wire: UnsafeRawBufferPointer, _ own: UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try wire.withUnsafeReadableBytes { wireBytes in
            try own.withUnsafeReadableBytes { ownBytes in
                try body(wireBytes, ownBytes)
            }
        }
    }
}
