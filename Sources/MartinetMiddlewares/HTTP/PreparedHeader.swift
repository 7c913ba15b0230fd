import MartinetCore
import MartinetHTTP

/// A header line of the configuration, ready to be set: nothing is made of text while requests pass.
struct PreparedHeader: Sendable {
    let id: HeaderID
    /// In Go's canonical spelling, as Traefik writes it.
    let name: [UInt8]
    /// Empty: the header is removed.
    let value: [UInt8]
    /// Whether the name has a dash, and so a twin with an underscore.
    private let hasTwin: Bool

    init(name: String, value: String) {
        let canonical = Self.canonical(name)
        self.name = Array(canonical.utf8)
        self.value = Array(value.utf8)
        id = self.name.withUnsafeBytes { HeaderID.lookup($0) }
        hasTwin = canonical.contains("-")
    }

    /// Replaces the header, or removes it. On requests its spellings with `_` or `.` go, too: a client must not be able to speak
    /// for us to a backend that takes them for the same.
    func apply(to headers: inout HeaderBlock, isRequest: Bool) {
        name.withUnsafeBytes { headers.remove(name: $0) }
        if isRequest, hasTwin, headers.hasAliases { removeTwins(from: &headers) }
        guard !value.isEmpty else { return }
        let nameRef = name.withUnsafeBytes { headers.store($0) }
        let valueRef = value.withUnsafeBytes { headers.store($0) }
        headers.append(id: id, name: nameRef, value: valueRef)
    }

    private func removeTwins(from headers: inout HeaderBlock) {
        headers.removeAll { block, entry in
            block.withBytes(entry.name) { bytes in
                guard bytes.count == name.count else { return false }
                for index in 0..<bytes.count {
                    let byte = bytes[index] == 0x5F || bytes[index] == 0x2E ? 0x2D : ASCII.lower(bytes[index])
                    if byte != ASCII.lower(name[index]) { return false }
                }
                return true
            }
        }
    }

    /// `x-my-header` as `X-My-Header`.
    static func canonical(_ name: String) -> String {
        name.split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }
            .joined(separator: "-")
    }
}
