/// What one side of a connection tells the other about itself (RFC 9113 §6.5.2).
package struct HTTP2Settings: Sendable, Equatable {
    enum ID: UInt16 {
        case headerTableSize = 1
        case enablePush = 2
        case maxConcurrentStreams = 3
        case initialWindowSize = 4
        case maxFrameSize = 5
        case maxHeaderListSize = 6
        /// RFC 8441 §3.
        case enableConnectProtocol = 8
    }

    static let largestWindow = 0x7FFF_FFFF
    static let frameSizes = 16384...16_777_215

    /// Bytes. Default 4,096.
    package var headerTableSize = 4096
    /// Streams the other side may have open at once; nil for any number.
    package var maxConcurrentStreams: Int?
    /// Bytes. Default 65,535.
    package var initialWindowSize = 65535
    /// Bytes of a frame's payload. Default 16,384.
    package var maxFrameSize = 16384
    /// Bytes of a decoded field section, each field counting 32 more; nil for any size.
    package var maxHeaderListSize: Int?
    /// Whether extended CONNECT may be used (RFC 8441). Default no.
    package var enablesConnectProtocol = false

    package init() {}

    /// Takes over one received setting. Unknown ones are ignored.
    mutating func apply(_ number: UInt16, _ value: UInt32, from role: HTTP2Role) throws(HTTP2Error) {
        switch ID(rawValue: number) {
        case .headerTableSize:
            headerTableSize = Int(value)
        case .enablePush:
            // Servers have no business with it (§6.5.2), and nobody pushes here.
            guard value == 0 || (value == 1 && role == .client) else {
                throw .connection(.protocolError, "ENABLE_PUSH is out of range")
            }
        case .maxConcurrentStreams:
            maxConcurrentStreams = Int(value)
        case .initialWindowSize:
            guard value <= Self.largestWindow else {
                throw .connection(.flowControlError, "INITIAL_WINDOW_SIZE is out of range")
            }
            initialWindowSize = Int(value)
        case .maxFrameSize:
            guard Self.frameSizes.contains(Int(value)) else {
                throw .connection(.protocolError, "MAX_FRAME_SIZE is out of range")
            }
            maxFrameSize = Int(value)
        case .maxHeaderListSize:
            maxHeaderListSize = Int(value)
        case .enableConnectProtocol:
            guard value == 1 || (value == 0 && !enablesConnectProtocol) else {
                throw .connection(.protocolError, "ENABLE_CONNECT_PROTOCOL is out of range, or taken back")
            }
            enablesConnectProtocol = value == 1
        case nil:
            break
        }
    }
}
