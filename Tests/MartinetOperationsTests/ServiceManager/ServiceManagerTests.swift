import Testing

@testable import MartinetOperations

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct ServiceManagerTests {
    /// The manager's end: a datagram socket in a folder of its own.
    private final class Manager {
        let path: String
        private let socket: CInt

        init(_ folder: TemporaryFolder) throws {
            path = folder.path("notify")
            socket = Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            try #require(result == 0)
        }

        deinit { close(socket) }

        /// The next message; nil if there is none.
        func next() -> String? {
            var bytes = [UInt8](repeating: 0, count: 512)
            let count = recv(socket, &bytes, bytes.count, CInt(MSG_DONTWAIT))
            return count >= 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
        }
    }

    @Test func tellsHowItIs() throws {
        let folder = try TemporaryFolder()
        let manager = try Manager(folder)
        let service = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": manager.path], process: 7))
        service.tell(.ready)
        service.tell(.reloading)
        service.tell(.alive)
        service.tell(.stopping)
        #expect(manager.next() == "READY=1")
        let reloading = try #require(manager.next())
        #expect(reloading.hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
        #expect(Int(reloading.split(separator: "=").last ?? "") ?? 0 > 0)
        #expect(manager.next() == "WATCHDOG=1")
        #expect(manager.next() == "STOPPING=1")
        #expect(manager.next() == nil)
    }

    @Test(arguments: [nil, "", "relative/path", "/nowhere/at/all", "vsock:2:1234", String(repeating: "/a", count: 90)])
    func withoutAManagerThereIsNobodyToTell(_ path: String?) {
        let environment = path.map { ["NOTIFY_SOCKET": $0] } ?? [:]
        #expect(ServiceManager(environment: environment, process: 7) == nil)
    }

    @Test(arguments: [
        (["WATCHDOG_USEC": "3000000"], Duration.milliseconds(1500)),
        (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7"], .milliseconds(1500)),
        (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"], nil), (["WATCHDOG_USEC": "0"], nil),
        (["WATCHDOG_USEC": "-4"], nil), (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
    ])
    func theWatchdogIsFedInHalfItsTime(_ environment: [String: String], _ interval: Duration?) {
        #expect(ServiceManager.watchdog(environment, 7) == interval)
    }
}
