#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How the file descriptors that the process may have are divided.
///
/// ```
///  limit = own (loops, listeners, logs, now open) + reserve (files, name service) + clients' connections + servers' connections
/// ```
package struct DescriptorBudget: Sendable, Equatable {
    /// Connections of clients, at most.
    package let clients: Int
    /// Connections of clients and to servers together, at most. Requests of one client's HTTP/2 connection can need several servers.
    package let connections: Int

    /// Descriptors kept free for what must go on working when connections have taken all others: configuration files, certificates, log
    /// rotation, the resolver's sockets. 32 is several times what these hold at once.
    package static let reserve = 32

    /// - Parameters:
    ///   - limit: the limit of open files in force (`RLIMIT_NOFILE`).
    ///   - own: descriptors the process has open besides connections.
    package init(limit: Int, own: Int) {
        let free = max(2, limit &- max(0, own))
        // Under a tiny limit most of what is free goes to connections all the same.
        connections = max(2, free - min(Self.reserve, free / 4))
        // Each client may need a server.
        clients = max(1, connections / 2)
    }

    /// For tests and systems that do not tell their limits.
    package static let unlimited = DescriptorBudget(limit: .max >> 1, own: 0)

    /// Of this process, as it is now.
    /// - Parameter coming: descriptors that will be opened besides connections.
    package static func ofProcess(coming: Int) -> DescriptorBudget {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .unlimited }
        return DescriptorBudget(
            limit: Int(clamping: min(limit.rlim_cur, 1 << 40)), own: openDescriptors() + coming)
    }

    /// How many descriptors are open; 0 if the system does not tell.
    private static func openDescriptors() -> Int {
        guard let directory = opendir("/dev/fd") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Not counted: the two entries `.` and `..`, and the descriptor of the directory itself.
        return max(0, count - 3)
    }
}
