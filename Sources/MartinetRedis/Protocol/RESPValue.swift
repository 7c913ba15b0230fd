package import NIOCore

/// What a Redis server says: RESP2 and RESP3, with the distinctions left out that no caller asks about.
package indirect enum RESPValue: Sendable, Equatable {
    /// A simple, bulk or verbatim string (without its format), or a big number.
    case string(ByteBuffer)
    /// An error of the server, its code first: `NOSCRIPT No matching script`.
    case error(String)
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    case null
    /// An array or a set.
    case array([RESPValue])
    /// Keys and values in turn.
    case map([RESPValue])
    /// Out of band: the answer to no command.
    case push([RESPValue])

    /// The bytes of a string as text.
    package var text: String? {
        guard case .string(let bytes) = self else { return nil }
        return String(buffer: bytes)
    }
}

/// Bounds on one answer of a server. Memory that an answer takes is a small multiple of ``bytes``.
package struct RESPLimits: Sendable {
    /// Most bytes of an answer, default 16 MiB.
    package var bytes = 16 << 20
    /// Longest line in bytes: a simple string, an error, a number or a length. Default 64 KiB.
    package var line = 64 << 10
    /// Most elements of an answer, nested ones included. Default a million.
    package var elements = 1 << 20
    /// Deepest nesting, default 16.
    package var depth = 16

    package init() {}
}

/// What came is no RESP, or goes beyond ``RESPLimits``.
package enum RESPError: Error, Equatable {
    case unknownType(UInt8)
    case malformedLine
    case malformedNumber
    case malformedLength
    case tooLong
    case tooManyElements
    case tooDeep
}
