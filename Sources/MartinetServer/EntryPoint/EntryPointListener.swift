import MartinetCore
import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Why an entry point could not be opened, in words a stranger can act on.
package struct ListenError: Error, CustomStringConvertible, Sendable {
    package var entryPoint: String
    package var address: String
    package var reason: String
    package var remedy: String

    package var description: String { "entryPoints.\(entryPoint).address \(address): \(reason); \(remedy)" }
}

/// A listening socket and the connections it hands to the event loops, in turn.
///
/// One socket accepts for all loops. Measured against a socket per loop (`SO_REUSEPORT`): with few connections the kernel's hash
/// leaves loops idle while others are full; with many, both are even and accepting costs the same.
final class EntryPointListener: Sendable {
    let entryPoint: EntryPoint
    let channel: any Channel

    private init(entryPoint: EntryPoint, channel: any Channel) {
        self.entryPoint = entryPoint
        self.channel = channel
    }

    var port: UInt16 { UInt16(channel.localAddress?.port ?? 0) }

    /// Opens the entry point. Throws ``ListenError``.
    ///
    /// - Parameter inherited: a listening socket that the process was started with, which is used instead of a new one.
    static func open(
        _ entryPoint: EntryPoint, inherited: CInt? = nil, group: any EventLoopGroup, loops: LoopDirectory
    ) async throws -> EntryPointListener {
        let settings = entryPoint.settings
        if let inherited {
            do {
                let channel = try await bootstrap(entryPoint, group: group, loops: loops)
                    .withBoundSocket(inherited).get()
                return EntryPointListener(entryPoint: entryPoint, channel: channel)
            } catch {
                throw explain(error, settings)
            }
        }
        let host = settings.host.isEmpty ? "::" : settings.host
        do {
            let channel = try await bootstrap(entryPoint, group: group, loops: loops)
                .bind(host: host, port: Int(settings.port)).get()
            return EntryPointListener(entryPoint: entryPoint, channel: channel)
        } catch let error as IOError
            where settings.host.isEmpty && (error.errnoCode == EAFNOSUPPORT || error.errnoCode == EADDRNOTAVAIL)
        {
            // A machine without IPv6.
            do {
                let channel = try await bootstrap(entryPoint, group: group, loops: loops)
                    .bind(host: "0.0.0.0", port: Int(settings.port)).get()
                return EntryPointListener(entryPoint: entryPoint, channel: channel)
            } catch {
                throw explain(error, settings)
            }
        } catch {
            throw explain(error, settings)
        }
    }

    /// Accepts no more. Where other processes share the port, connections that are being made are waited for.
    func close() async {
        if entryPoint.settings.reusePort, await dropsNewConnections() {
            try? await channel.eventLoop.scheduleTask(in: NewConnectionFilter.patience) {}.futureResult.get()
        }
        try? await channel.close().get()
    }

    private func dropsNewConnections() async -> Bool {
        let channel = self.channel
        let attached = try? await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
                NewConnectionFilter.attach(to: $0)
            } ?? false
        }.get()
        return attached ?? false
    }

    private static func bootstrap(_ entryPoint: EntryPoint, group: any EventLoopGroup, loops: LoopDirectory)
        -> ServerBootstrap
    {
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Accepted sockets inherit this and the bootstrap's TCP_NODELAY: three system calls less for each.
            .serverChannelOption(.socketOption(.so_keepalive), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 16)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ConnectionGate(overload: loops.overload, isReserved: entryPoint.settings.isReserved) {
                            try begin($0, entryPoint, loops)
                        })
                }
            }
        if entryPoint.settings.reusePort {
            bootstrap = bootstrap.serverChannelOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: 1)
        }
        return bootstrap
    }

    /// Makes an accepted channel a connection, on its event loop. Not by the bootstrap's options and initializer, which make several
    /// futures of each: 40 allocations a connection.
    private static func begin(_ channel: any Channel, _ entryPoint: EntryPoint, _ loops: LoopDirectory) throws {
        let loop = loops.context(for: channel.eventLoop)
        let start = ConnectionStart(
            loop: loop, entryPoint: entryPoint, info: connectionInfo(channel, entryPoint.settings),
            isRefused: !loops.hasPlace(for: entryPoint, on: loop))
        // First, so that the connection is counted off whatever follows.
        do {
            try channel.pipeline.syncOperations.addHandler(start)
        } catch {
            loop.overload.clientGone()
            throw error
        }
        guard let options = channel.syncOptions else { return }
        try options.setOption(.maxMessagesPerRead, value: 4)
        try options.setOption(.allowRemoteHalfClosure, value: true)
    }

    private static func connectionInfo(_ channel: any Channel, _ settings: EntryPointSettings) -> ConnectionInfo {
        let remote = channel.remoteAddress
        return ConnectionInfo(
            peer: remote.map(IPAddress.init) ?? IPAddress(value: 0),
            peerPort: UInt16(remote?.port ?? 0),
            entryPoint: settings.name,
            localPort: settings.port,
            isTLS: false
        )
    }

    private static func explain(_ error: any Error, _ settings: EntryPointSettings) -> ListenError {
        let address = "\(settings.host):\(settings.port)"
        var result = ListenError(
            entryPoint: settings.name, address: address, reason: "\(error)", remedy: "check the address")
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            result.reason = "the port is in use by another process"
            result.remedy =
                "stop that process (`ss -ltnp 'sport = :\(settings.port)'` names it), choose another port, "
                + "or set reusePort on both to share it"
        case EACCES, EPERM:
            result.reason = "this user may not listen on port \(settings.port)"
            result.remedy = "choose a port above 1023 or grant the capability CAP_NET_BIND_SERVICE"
        case EADDRNOTAVAIL:
            result.reason = "this machine has no such address"
            result.remedy = "use an address of this machine, or leave the host out to listen on all"
        default:
            break
        }
        return result
    }
}
