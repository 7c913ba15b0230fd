/// The argument of a Host matcher. All bytes are ASCII, in lower case, without trailing dot or port.
package enum HostPattern: Hashable, Sendable {
    /// `*`: every request, even one without a host.
    case any
    case exact([UInt8])
    /// `*.x`, kept as `x`: hosts with exactly one label before it.
    case wildcard([UInt8])

    /// Whether `host` (lower case, no port, no trailing dot) is meant.
    func matches(_ host: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .any: true
        case .exact(let name): host.equals(name)
        case .wildcard(let parent): Self.parent(of: host).map { $0.equals(parent) } ?? false
        }
    }

    /// `host` without its first label; nil when it has one label only, or an empty first one.
    static func parent(of host: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let dot = host.firstIndex(of: UInt8(ascii: ".")), dot > 0 else { return nil }
        return UnsafeRawBufferPointer(rebasing: host[(dot + 1)...])
    }

    /// The host as it is written in a certificate.
    package var name: String {
        switch self {
        case .any: "*"
        case .exact(let name): String(decoding: name, as: UTF8.self)
        case .wildcard(let parent): "*." + String(decoding: parent, as: UTF8.self)
        }
    }
}
