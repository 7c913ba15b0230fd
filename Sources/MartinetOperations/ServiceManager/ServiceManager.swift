import Glibc

/// Tells the service manager that started the process (systemd, or any that speaks sd_notify(3)) how it is.
///
/// The socket stays open: there may be no descriptor left when it matters that the watchdog is fed.
package final class ServiceManager: Sendable {
    package enum Message: Sendable {
        /// Entry points are open.
        case ready
        /// Files are being read again; ``ready`` follows.
        case reloading
        case stopping
        /// No event loop is stuck.
        case alive
    }

    private let socket: CInt
    /// How often ``Message/alive`` is expected, as systemd recommends in half the time after which the process is killed; nil if it is
    /// not.
    package let watchdogInterval: Duration?

    /// Nil when nobody wants to be told.
    package init?(environment: [String: String], process: CInt) {
        guard let path = environment["NOTIFY_SOCKET"], let address = Self.address(path) else { return nil }
        socket = Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        watchdogInterval = Self.watchdog(environment, process)
        var copy = address.storage
        let connected = withUnsafePointer(to: &copy) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, address.length) }
        }
        guard connected == 0 else {
            close(socket)
            return nil
        }
    }

    deinit { close(socket) }

    /// Never waits: a manager that does not read is not worth a stop.
    package func tell(_ message: Message) {
        var text =
            switch message {
            case .ready: "READY=1"
            case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds())"
            case .stopping: "STOPPING=1"
            case .alive: "WATCHDOG=1"
            }
        text.withUTF8 {
            _ = send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
        }
    }

    /// Half of `WATCHDOG_USEC`, unless `WATCHDOG_PID` names another process.
    static func watchdog(_ environment: [String: String], _ process: CInt) -> Duration? {
        guard let limit = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), limit > 1 else { return nil }
        if let other = environment["WATCHDOG_PID"], CInt(other) != process { return nil }
        return .microseconds(limit / 2)
    }

    /// A path, or with `@` a name in the abstract namespace (unix(7)).
    private static func address(_ path: String) -> (storage: sockaddr_un, length: socklen_t)? {
        var storage = sockaddr_un()
        storage.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: storage.sun_path)
        guard let first = bytes.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@"), bytes.count < room
        else { return nil }
        if first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &storage.sun_path) { $0.copyBytes(from: bytes) }
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        return (storage, socklen_t(offset + bytes.count))
    }

    private static func monotonicMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000 &+ Int64(time.tv_nsec) / 1000
    }
}
