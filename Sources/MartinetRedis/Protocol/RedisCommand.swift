import NIOCore

/// A command as it is sent: an array of bulk strings.
package struct RedisCommand: Sendable {
    /// Of the key, for clusters; nil: any node will do.
    package let slot: UInt16?
    private var arguments: ByteBuffer
    private var count = 0

    /// `key`: decides which node of a cluster is asked; it is not added to the arguments.
    package init(_ name: StaticString, key: [UInt8]? = nil) {
        slot = key.map(RedisSlot.of)
        arguments = ByteBufferAllocator().buffer(capacity: 256)
        append(String(describing: name))
    }

    package mutating func append(_ argument: String) {
        count += 1
        arguments.writeString("$\(argument.utf8.count)\r\n\(argument)\r\n")
    }

    package mutating func append(bytes argument: [UInt8]) {
        count += 1
        arguments.writeString("$\(argument.count)\r\n")
        arguments.writeBytes(argument)
        arguments.writeString("\r\n")
    }

    /// Appends the command to what is to be sent.
    func write(into buffer: inout ByteBuffer) {
        buffer.writeString("*\(count)\r\n")
        buffer.writeImmutableBuffer(arguments)
    }
}
