/// An alert that ends a handshake before the TLS library has seen it (RFC 8446 §6). The library offers no way to choose one.
package enum TLSAlert: UInt8, Error, Sendable {
    case unexpectedMessage = 10
    case recordOverflow = 22
    case illegalParameter = 47
    case decodeError = 50
    case protocolVersion = 70
    case unrecognizedName = 112
    case noApplicationProtocol = 120

    /// The alert as a record in clear, as it is sent while no version is agreed on; to be followed by closing.
    package var record: [UInt8] { [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, rawValue] }
}
