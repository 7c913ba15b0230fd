package import MartinetCore

/// The certificates of the store `default`, and which of them a connection gets. Immutable.
///
/// Traefik walks its certificates in reverse order of their names, so that a wildcard may win over the exact name; here the exact
/// name always wins.
///
///     name asked for ─► exact name ─► *.parent (one label) ─► nil: ``fallback``, unless `sniStrict`
///
/// Among several for one name those come first whose key the client can use, elliptic ones before RSA, then the order of Traefik.
package struct CertificateStore: Sendable {
    /// By name, best first. Wildcards are filed as their parent, below ``wildcards``.
    private var exact: [String: [TLSCertificate]] = [:]
    private var wildcards: [String: [TLSCertificate]] = [:]
    /// Whether some certificate is for an address: only then is it worth spelling out the local one.
    private var hasAddresses = false
    /// Served when no other fits.
    package let fallback: TLSCertificate
    /// All certificates but ``fallback``, in the order given.
    package let certificates: [TLSCertificate]

    /// - Parameter certificates: in the order given; of equal ones the first counts.
    package init(_ certificates: [TLSCertificate], fallback: TLSCertificate) {
        self.fallback = fallback
        self.certificates = certificates
        // Stable: of those with the same names the one given first stays first.
        let ordered = certificates.enumerated().sorted {
            $0.element.sortKey == $1.element.sortKey ? $0.offset < $1.offset : $0.element.sortKey > $1.element.sortKey
        }
        for certificate in ordered.lazy.map(\.element) {
            for name in certificate.names {
                if name.hasPrefix("*.") {
                    wildcards[String(name.dropFirst(2)), default: []].append(certificate)
                } else {
                    exact[name, default: []].append(certificate)
                    if !hasAddresses, IPAddress(name) != nil { hasAddresses = true }
                }
            }
        }
    }

    /// The certificate for `name`; nil when none is for it, which is where `sniStrict` refuses.
    /// - Parameters:
    ///   - name: in lower case; nil when the client gave none, and then certificates for `localAddress` fit.
    ///   - abilities: what keys the client can use.
    package func choose(
        name: String?, localAddress: IPAddress? = nil, abilities: ClientAbilities = .all
    ) -> TLSCertificate? {
        guard let name else {
            guard hasAddresses, let localAddress else { return nil }
            return best(exact[localAddress.description], nil, abilities)
        }
        var parents: [TLSCertificate]?
        if !wildcards.isEmpty, let dot = name.firstIndex(of: "."), dot != name.startIndex {
            parents = wildcards[String(name[name.index(after: dot)...])]
        }
        return best(exact[name], parents, abilities)
    }

    /// A certificate the client cannot use comes last, but does come: the handshake then fails with the reason.
    private func best(
        _ exact: [TLSCertificate]?, _ wildcard: [TLSCertificate]?, _ abilities: ClientAbilities
    ) -> TLSCertificate? {
        for candidates in [exact, wildcard] {
            guard let candidates else { continue }
            if let found = candidates.first(where: { $0.keyType.isElliptic && abilities.canUse($0.keyType) }) {
                return found
            }
            if let found = candidates.first(where: { abilities.canUse($0.keyType) }) { return found }
        }
        return exact?.first ?? wildcard?.first
    }
}
