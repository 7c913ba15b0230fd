import MartinetConfig
import NIOSSL

/// The groups an option `curvePreferences` asks for, best first.
struct CurveSelection: Equatable, Sendable {
    /// Nil: the library's own choice, X25519MLKEM768, X25519, P-256, P-384.
    var curves: [NIOTLSCurve]?
    var warnings: [String] = []

    private static let known: [(names: [String], curve: NIOTLSCurve?)] = [
        (["CurveP256", "secp256r1"], .secp256r1),
        (["CurveP384", "secp384r1"], .secp384r1),
        (["CurveP521", "secp521r1"], .secp521r1),
        (["X25519", "x25519"], .x25519),
        (["X25519MLKEM768", "x25519mlkem768"], .x25519_MLKEM768),
        // Known to Go, not to the TLS library.
        (["SecP256r1MLKEM768", "secp256r1mlkem768"], nil),
        (["SecP384r1MLKEM1024", "secp384r1mlkem1024"], nil),
    ]

    /// - Throws: for an unknown name, and when none of the groups is supported.
    init(_ names: [String]) throws(TLSFailure) {
        guard !names.isEmpty else { return }
        var selected: [NIOTLSCurve] = []
        for name in names {
            guard let match = Self.known.first(where: { $0.names.contains(name) }) else {
                let nearest = NearestName.of(name, among: Self.known.flatMap(\.names))
                throw TLSFailure(
                    "invalid CurveID in curvePreferences: \(name)",
                    remedy: nearest.map { "did you mean \"\($0)\"?" } ?? "use CurveP256, CurveP384, CurveP521 or X25519"
                )
            }
            guard let curve = match.curve else {
                warnings.append("curve \(name) is not supported and left out")
                continue
            }
            if !selected.contains(curve) { selected.append(curve) }
        }
        guard !selected.isEmpty else {
            throw TLSFailure(
                "invalid curvePreferences: none of them is supported", remedy: "add X25519MLKEM768 or X25519")
        }
        curves = selected
    }
}
