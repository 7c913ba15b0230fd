import Crypto

/// The files a configuration was made from, each with what was in it, so that whoever watches them knows when to make it anew.
///
/// Watching the paths themselves misses files that are exchanged through a link of a directory above, as Kubernetes does;
/// ``changed()`` looks at content and misses nothing. Blocks: not for event loops.
package struct WatchedFiles: Sendable, Equatable {
    /// SHA-256 of each file; nil for those that were missing or could not be read.
    private var digests: [String: [UInt8]?] = [:]

    package init() {}

    /// As they were given, sorted.
    package var paths: [String] { digests.keys.sorted() }

    /// Whether one of `paths` is among them.
    func containsAny(of paths: Set<String>) -> Bool { digests.keys.contains(where: paths.contains) }

    mutating func note(_ path: String, _ bytes: [UInt8]?) {
        digests.updateValue(bytes.map(Self.digest), forKey: path)
    }

    package mutating func formUnion(_ other: WatchedFiles) { digests.merge(other.digests) { _, new in new } }

    /// The paths whose content is not what it was when they were read, sorted; files that came or went are among them. Those that
    /// cannot be looked at for want of a descriptor are not: what was read of them stays in force.
    package func changed() -> [String] {
        paths.filter { path in
            switch FileOrContent.contents(of: path) {
            case .bytes(let bytes): digests[path] != .some(Self.digest(bytes))
            case .absent, .unreadable: digests[path] != .some(nil)
            case .noDescriptor: false
            }
        }
    }

    static func digest(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
