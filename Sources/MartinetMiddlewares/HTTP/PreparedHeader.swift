import MartinetCore
import MartinetHTTP

/// A header line of the configuration, ready to be set: nothing is made of text while requests pass.
struct PreparedHeader: Sendable {
    let id: HeaderID
    /// In Go's canonical spelling, as Traefik writes it.
    let name: [UInt8]
    /// Empty: the header is removed.
    let value: [UInt8]
    /// Whether the name holds something other than letters, digits and dashes.
    private let isAlias: Bool
    /// Whether other names may be taken for this one, see ``HeaderTwins``.
    private let hasTwin: Bool

    init(name: String, value: String) {
        let canonical = Self.canonical(name)
        self.name = Array(canonical.utf8)
        self.value = Array(value.utf8)
        id = self.name.withUnsafeBytes { HeaderID.lookup($0) }
        isAlias = !self.name.allSatisfy(HeaderBlock.isPlainNameByte)
        hasTwin = isAlias || canonical.contains("-")
    }

    /// Replaces the header, or removes it. On requests its twins go, too: a client must not be able to speak for us to a backend
    /// that takes them for the same.
    func apply(to headers: inout HeaderBlock, isRequest: Bool) {
        remove(from: &headers, isRequest: isRequest)
        append(to: &headers)
    }

    /// Removes the header and, on requests, its twins; but none that the proxy itself has business with: whoever sets
    /// `User_Agent` does not mean the browser's.
    func remove(from headers: inout HeaderBlock, isRequest: Bool) {
        name.withUnsafeBytes { name in
            headers.remove(name: name)
            guard isRequest, hasTwin, isAlias || headers.hasAliases else { return }
            headers.removeAll { block, entry in
                entry.id == .other && block.withBytes(entry.name) { HeaderTwins.areTwins($0, name) }
            }
        }
    }

    /// Adds the header, unless its value is empty.
    func append(to headers: inout HeaderBlock) {
        guard !value.isEmpty else { return }
        let nameRef = name.withUnsafeBytes { headers.store($0) }
        let valueRef = value.withUnsafeBytes { headers.store($0) }
        headers.append(id: id, name: nameRef, value: valueRef, alias: isAlias)
    }

    /// `x-my-header` as `X-My-Header`.
    static func canonical(_ name: String) -> String {
        name.split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }
            .joined(separator: "-")
    }
}
