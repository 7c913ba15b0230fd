import MartinetCore
import NIOCore

extension IPAddress {
    /// The address of a socket address; all zeros for one without. Read from the bytes: text in between would cost allocations.
    init(_ address: SocketAddress) {
        self = address.withSockAddr { pointer, _ in
            let bytes = UnsafeRawPointer(pointer)
            switch address {
            case .v4: return IPAddress(v4: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
            case .v6:
                return IPAddress(value: UInt128(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt128.self)))
            case .unixDomainSocket: return IPAddress(value: 0)
            }
        }
    }
}
