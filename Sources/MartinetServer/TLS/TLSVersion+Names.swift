import MartinetConfig
import NIOSSL

extension TLSVersion {
    private static let named: [(name: String, version: TLSVersion)] = [
        ("VersionTLS10", .tlsv1), ("VersionTLS11", .tlsv11), ("VersionTLS12", .tlsv12), ("VersionTLS13", .tlsv13),
    ]

    /// The version Traefik calls `name`; nil for an empty name.
    /// - Throws: for any other name. Traefik takes its default instead, which may allow more than was meant.
    static func named(_ name: String, option: String) throws(TLSFailure) -> TLSVersion? {
        guard !name.isEmpty else { return nil }
        if let match = named.first(where: { $0.name == name }) { return match.version }
        let nearest = NearestName.of(name, among: named.map(\.name))
        throw TLSFailure(
            "invalid \(option): \(name)",
            remedy: nearest.map { "did you mean \"\($0)\"?" }
                ?? "use VersionTLS10, VersionTLS11, VersionTLS12 or VersionTLS13"
        )
    }

    /// As the access log has it.
    var number: StaticString {
        switch self {
        case .tlsv1: "1.0"
        case .tlsv11: "1.1"
        case .tlsv12: "1.2"
        case .tlsv13: "1.3"
        }
    }

    /// Older versions come first.
    func precedes(_ other: TLSVersion) -> Bool {
        let order = Self.named.map(\.version)
        guard let own = order.firstIndex(of: self), let others = order.firstIndex(of: other) else { return false }
        return own < others
    }
}
