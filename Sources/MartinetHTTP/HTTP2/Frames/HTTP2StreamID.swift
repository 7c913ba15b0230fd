/// The number of a stream (RFC 9113 §5.1.1): odd ones are opened by clients, 0 stands for the connection.
package struct HTTP2StreamID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: UInt32

    package init(_ number: UInt32) {
        self.number = number
    }

    package static let connection = HTTP2StreamID(0)
    /// The last one there can be on a connection.
    package static let last = HTTP2StreamID(0x7FFF_FFFF)

    package var isConnection: Bool { number == 0 }
    package var isClientInitiated: Bool { number & 1 == 1 }

    package static func < (a: HTTP2StreamID, b: HTTP2StreamID) -> Bool { a.number < b.number }

    package var description: String { "\(number)" }
}
