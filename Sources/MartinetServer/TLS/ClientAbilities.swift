/// Which keys of a server a client can check signatures of, as its ClientHello says.
package struct ClientAbilities: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let rsa = ClientAbilities(rawValue: 1)
    package static let ecdsaP256 = ClientAbilities(rawValue: 2)
    package static let ecdsaP384 = ClientAbilities(rawValue: 4)
    package static let ecdsaP521 = ClientAbilities(rawValue: 8)
    package static let ed25519 = ClientAbilities(rawValue: 16)
    package static let all = ClientAbilities(rawValue: 31)

    package func canUse(_ key: CertificateKeyType) -> Bool {
        switch key {
        case .rsa: contains(.rsa)
        case .ecdsaP256: contains(.ecdsaP256)
        case .ecdsaP384: contains(.ecdsaP384)
        case .ecdsaP521: contains(.ecdsaP521)
        case .ed25519: contains(.ed25519)
        }
    }

    /// What follows from the lists of a ClientHello.
    ///
    /// In TLS 1.3 a signature scheme names its curve (RFC 8446 §4.2.3); before, the curve comes from the supported groups, and a
    /// certificate also needs a cipher suite of its kind (RFC 8422 §5.1).
    /// - Parameters:
    ///   - schemes: nil without the extension: then, as in TLS 1.2, SHA-1 with every kind of key.
    ///   - groups: nil without the extension: then every curve.
    init(schemes: [UInt16]?, groups: [UInt16]?, suites: [UInt16], offersTLS13: Bool) {
        self = []
        let offersECDSA = suites.contains(where: Self.isOfECDSA)
        func elliptic(_ ability: ClientAbilities, scheme: UInt16, group: UInt16) {
            let isUsable =
                offersTLS13
                ? schemes?.contains(scheme) ?? false
                : offersECDSA && schemes?.contains { $0 & 0xFF == 0x03 && $0 < 0x0700 } ?? true
                    && groups?.contains(group) ?? true
            if isUsable { insert(ability) }
        }
        elliptic(.ecdsaP256, scheme: 0x0403, group: 0x17)
        elliptic(.ecdsaP384, scheme: 0x0503, group: 0x18)
        elliptic(.ecdsaP521, scheme: 0x0603, group: 0x19)
        if offersTLS13 || offersECDSA, schemes?.contains(0x0807) ?? false { insert(.ed25519) }
        let isRSA: (UInt16) -> Bool = { ($0 & 0xFF == 0x01 && $0 < 0x0700) || (0x0804...0x0806).contains($0) }
        if schemes?.contains(where: isRSA) ?? true { insert(.rsa) }
    }

    /// Not a set, which would be made anew for each hello.
    private static func isOfECDSA(_ suite: UInt16) -> Bool {
        switch suite {
        case 0xC009, 0xC00A, 0xC023, 0xC024, 0xC02B, 0xC02C, 0xCCA9: true
        default: false
        }
    }
}
