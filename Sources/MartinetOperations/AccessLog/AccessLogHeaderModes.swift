import MartinetConfig
import MartinetHTTP

/// Which header fields a line has; the same for those of requests and of answers.
struct AccessLogHeaderModes: Sendable {
    /// A name without a ``HeaderID``, and what becomes of it.
    private struct Named: Sendable {
        var name: [UInt8]
        var mode: AccessLogMode
    }

    private let fallback: AccessLogMode
    /// By raw value of ``HeaderID``.
    private var known: [AccessLogMode]
    private var others: [Named] = []
    /// Whether no header is written at all, which is the default.
    let dropsAll: Bool

    init(_ options: AccessLogHeadersOptions?) {
        let options = options ?? AccessLogHeadersOptions()
        fallback = AccessLogMode(options.defaultMode) ?? .keep
        known = Array(repeating: fallback, count: HeaderID.allCases.count)
        var drops = fallback == .drop
        for (name, word) in options.names.sorted(by: { $0.key < $1.key }) {
            guard let mode = AccessLogMode(word) else { continue }
            if mode != .drop { drops = false }
            let bytes = Array(name.utf8)
            let id = bytes.withUnsafeBytes(HeaderID.lookup)
            if id == .other {
                others.append(Named(name: bytes, mode: mode))
            } else {
                known[Int(id.rawValue)] = mode
            }
        }
        dropsAll = drops
    }

    func mode(of id: HeaderID) -> AccessLogMode { known[Int(id.rawValue)] }

    func mode(of id: HeaderID, _ name: UnsafeRawBufferPointer) -> AccessLogMode {
        guard id == .other else { return mode(of: id) }
        for other in others where other.name.withUnsafeBytes({ ASCII.equalIgnoringCase($0, name) }) {
            return other.mode
        }
        return fallback
    }
}
