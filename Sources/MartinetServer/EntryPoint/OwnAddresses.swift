package import MartinetCore
import NIOCore

/// Where this proxy itself can be reached, to tell servers that are its own entry points from others.
///
/// Literal addresses and `localhost` are recognised; a name that DNS leads back here is not.
package struct OwnAddresses: Sendable, Equatable {
    /// By port. Nil: every address of this machine.
    private var listeners: [UInt16: Set<IPAddress>?] = [:]
    private let local: Set<IPAddress>

    /// - Parameter local: addresses of this machine besides the loopback ones.
    package init(local: Set<IPAddress> = []) { self.local = local }

    /// Notes an entry point; `host` is empty when it listens on every address, as its option has it.
    package mutating func listen(host: String, port: UInt16) {
        // Port 0 is one that the system will choose: nobody can have configured it as a server's.
        guard port != 0 else { return }
        guard let address = Self.address(of: host), address.value != 0, address != IPAddress(v4: 0) else {
            listeners[port] = .some(nil)
            return
        }
        // Already on every address: no narrower one matters.
        if case .some(.none) = listeners[port] { return }
        listeners[port] = (listeners[port] ?? []).map { $0.union([address]) } ?? [address]
    }

    /// Whether a connection to that host and port ends at one of our entry points.
    package func contains(host: String, port: UInt16) -> Bool {
        guard let listening = listeners[port], let address = Self.address(of: host) else { return false }
        if let listening { return listening.contains(address) }
        return address.isLoopback || address.value == 0 || address == IPAddress(v4: 0) || local.contains(address)
    }

    private static func address(of host: String) -> IPAddress? {
        host.lowercased() == "localhost" ? IPAddress(v4: 0x7F00_0001) : IPAddress(host)
    }

    /// The addresses of this machine's network interfaces; empty when the system does not tell.
    package static func ofInterfaces() -> Set<IPAddress> {
        guard let devices = try? System.enumerateDevices() else { return [] }
        return Set(devices.compactMap { $0.address?.ipAddress.flatMap { IPAddress($0) } })
    }
}
