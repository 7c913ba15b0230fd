#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A TCP socket of the loopback interface that waits, and allocates nothing once it is open.
final class BlockingSocket {
    private let descriptor: Int32
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 65536, alignment: 16)

    private init(_ descriptor: Int32) throws {
        guard descriptor >= 0 else { throw BenchmarkError(description: "socket: \(String(cString: strerror(errno)))") }
        self.descriptor = descriptor
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        // Nobody waits for ever for an answer that does not come.
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
        memory.deallocate()
    }

    /// A socket that listens on a port the system chooses.
    static func listening() throws -> BlockingSocket {
        let listener = try BlockingSocket(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        try listener.withAddress(port: 0, bind)
        guard listen(listener.descriptor, 16) == 0 else { throw BenchmarkError(description: "listen failed") }
        return listener
    }

    static func connected(to port: UInt16) throws -> BlockingSocket {
        let client = try BlockingSocket(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        try client.withAddress(port: port, connect)
        return client
    }

    func accepted() throws -> BlockingSocket { try BlockingSocket(accept(descriptor, nil, nil)) }

    var port: UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &size) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Sends all of `bytes`; false when the connection is broken.
    func send(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == bytes.count
    }

    /// Reads until what came ends in `end`; false when the connection is broken or nothing came for ten seconds.
    func receive(until end: [UInt8]) -> Bool {
        var filled = 0
        while filled < memory.count, let start = memory.baseAddress {
            let count = read(descriptor, start + filled, memory.count - filled)
            guard count > 0 else { return false }
            filled += count
            if filled >= end.count, memory[(filled - end.count)..<filled].elementsEqual(end) { return true }
        }
        return false
    }

    private func withAddress(
        port: UInt16, _ call: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32
    ) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw BenchmarkError(description: String(cString: strerror(errno))) }
    }
}
