#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Sockets that a service manager opened and handed to the process (sd_listen_fds(3)).
///
/// As in Traefik, the name of a socket (`FileDescriptorName=` of the socket unit) is that of the entry point it is for; entry points
/// without one open their own.
package struct InheritedSockets: Equatable, Sendable {
    /// Listening sockets of TCP, or of a Unix domain, by name.
    package private(set) var listeners: [String: CInt] = [:]
    /// What cannot be used, in words for the log.
    package private(set) var problems: [String] = []

    /// The first descriptor that is handed over, by the protocol.
    package static let first: CInt = 3

    /// Takes what the environment announces for this process; nothing when it is meant for another.
    ///
    /// - Parameters:
    ///   - process: this process's id, which `LISTEN_PID` must name.
    ///   - isListening: whether a descriptor is a listening stream socket.
    package init(
        environment: [String: String], process: CInt, isListening: (CInt) -> Bool = Self.isListening
    ) {
        guard environment["LISTEN_PID"].flatMap({ CInt($0) }) == process,
            let count = environment["LISTEN_FDS"].flatMap({ CInt($0) }), count > 0, count < 4096
        else { return }
        let names = (environment["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false)
        for index in 0..<count {
            let descriptor = Self.first + index
            // Not for programs that this one may start.
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            let given = Int(index) < names.count ? String(names[Int(index)]) : ""
            // The name that go-systemd, and with it Traefik, makes up for a socket without one.
            let name = given.isEmpty ? "LISTEN_FD_\(descriptor)" : given
            guard isListening(descriptor) else {
                problems.append("the socket \"\(name)\" does not listen for streams")
                continue
            }
            guard listeners[name] == nil else {
                problems.append("there is more than one socket with the name \"\(name)\"; the first is used")
                continue
            }
            listeners[name] = descriptor
        }
    }

    package static func isListening(_ descriptor: CInt) -> Bool {
        option(SO_TYPE, of: descriptor) == CInt(streamType) && option(SO_ACCEPTCONN, of: descriptor) == 1
    }

    private static func option(_ name: CInt, of descriptor: CInt) -> CInt? {
        var value: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
    }
}

#if canImport(Glibc)
private let streamType = SOCK_STREAM.rawValue
#else
private let streamType = SOCK_STREAM
#endif
