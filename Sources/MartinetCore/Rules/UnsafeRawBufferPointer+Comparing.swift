extension UnsafeRawBufferPointer {
    /// Byte equality, eight at a time.
    @inline(__always)
    func equals(_ bytes: [UInt8]) -> Bool {
        count == bytes.count && bytes.withUnsafeBytes { begins(with: $0) }
    }

    /// Whether the bytes begin with `bytes`.
    @inline(__always)
    func begins(with bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { begins(with: $0) }
    }

    /// Whether the bytes begin with `prefix`.
    @inline(__always)
    func begins(with prefix: UnsafeRawBufferPointer) -> Bool {
        guard count >= prefix.count else { return false }
        var index = 0
        while index &+ 8 <= prefix.count {
            let ours = loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard ours == prefix.loadUnaligned(fromByteOffset: index, as: UInt64.self) else { return false }
            index &+= 8
        }
        while index < prefix.count {
            guard self[index] == prefix[index] else { return false }
            index &+= 1
        }
        return true
    }
}
