import NIOCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the demo server says of itself.
struct WhoamiIdentity: Sendable {
    let name: String
    let hostName: String
    /// Addresses of all interfaces.
    let addresses: [String]

    init(name: String) {
        self.name = name
        var buffer = [CChar](repeating: 0, count: 256)
        gethostname(&buffer, buffer.count - 1)
        hostName = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        addresses = (try? NIOCore.System.enumerateDevices().compactMap { $0.address?.ipAddress }) ?? []
    }
}

/// The status `/health` answers with, settable by POST so that health checks can be tried out.
final class HealthStatus: Sendable {
    private let value = Atomic<Int>(200)

    var status: Int {
        get { value.load(ordering: .relaxed) }
        set { value.store(newValue, ordering: .relaxed) }
    }
}
