package import MartinetCore
package import NIOSSL
import SwiftASN1

extension ClientCertificate {
    /// Reads a certificate that the TLS library has taken; nil when its DER cannot be had.
    /// - Parameter issuers: what the client sent behind it.
    package init?(_ certificate: NIOSSLCertificate, issuers: [NIOSSLCertificate] = []) {
        guard let der = try? certificate.toDERBytes() else { return nil }
        self.init(der: der)
        notBefore = Int64(certificate.notValidBefore)
        notAfter = Int64(certificate.notValidAfter)
        alternativeNames = Self.alternativeNames(of: certificate)
        // What the library has taken can be read; were it otherwise, the rest would stay empty.
        try? readNames()
        self.issuers = issuers.compactMap { ClientCertificate($0) }
    }

    /// Serial number, issuer and subject of `TBSCertificate` (RFC 5280 §4.1).
    private mutating func readNames() throws {
        let root = try DER.parse(der)
        let (serial, issuer, subject) = try DER.sequence(root, identifier: .sequence) { nodes in
            guard let signed = nodes.next() else { throw ASN1Error.invalidASN1Object(reason: "no TBSCertificate") }
            while nodes.next() != nil {}
            return try DER.sequence(signed, identifier: .sequence) { nodes in
                let version = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
                var node = nodes.next()
                if node?.identifier == version { node = nodes.next() }
                guard let serial = node, nodes.next() != nil, let issuer = nodes.next(), nodes.next() != nil,
                    let subject = nodes.next()
                else { throw ASN1Error.invalidASN1Object(reason: "too short a TBSCertificate") }
                while nodes.next() != nil {}
                return (serial, issuer, subject)
            }
        }
        if case .primitive(let bytes) = serial.content { serialNumber = Self.decimal(Array(bytes)) }
        self.issuer = try Self.name(issuer)
        var whole = SubjectText()
        self.subject = try Self.name(subject) { whole.append($0, $1) }
        subjectText = whole.text
    }

    /// `RDNSequence`: sets of pairs, laid out flat. `each` gets every pair, known or not.
    private static func name(
        _ node: ASN1Node, each: (ASN1ObjectIdentifier, String) -> Void = { _, _ in }
    ) throws -> [NameEntry] {
        var entries: [NameEntry] = []
        guard case .constructed(let sets) = node.content else { return [] }
        for set in sets {
            guard case .constructed(let pairs) = set.content else { continue }
            for pair in pairs {
                try DER.sequence(pair, identifier: .sequence) { nodes in
                    let type = try ASN1ObjectIdentifier(derEncoded: &nodes)
                    guard let value = nodes.next(), let text = text(value) else { return }
                    each(type, text)
                    if let part = parts[type] { entries.append(NameEntry(part, text)) }
                }
            }
        }
        return entries
    }

    private static let parts: [ASN1ObjectIdentifier: NamePart] = [
        [0, 9, 2342, 19_200_300, 100, 1, 25]: .domainComponent,
        [2, 5, 4, 6]: .country,
        [2, 5, 4, 8]: .province,
        [2, 5, 4, 7]: .locality,
        [2, 5, 4, 10]: .organization,
        [2, 5, 4, 11]: .organizationalUnit,
        [2, 5, 4, 5]: .serialNumber,
        [2, 5, 4, 3]: .commonName,
    ]

    /// A `DirectoryString` or one of its older kin; nil for what is no text.
    private static func text(_ node: ASN1Node) -> String? {
        guard case .primitive(let bytes) = node.content else { return nil }
        switch node.identifier {
        case .utf8String, .printableString, .ia5String, .numericString:
            return String(decoding: bytes, as: UTF8.self)
        case .teletexString:
            // In practice Latin 1, whatever the standard says.
            return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        case .bmpString:
            let bytes = Array(bytes)
            let units = stride(from: 0, to: bytes.count - bytes.count % 2, by: 2).map {
                UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
            }
            return String(decoding: units, as: UTF16.self)
        default: return nil
        }
    }

    /// An INTEGER's content in decimal. RFC 5280 allows 20 bytes; more are read as well as they come, at the cost of their square,
    /// up to 64.
    static func decimal(_ content: [UInt8]) -> String {
        guard content.count <= 64 else { return "" }
        let isNegative = (content.first ?? 0) & 0x80 != 0
        var magnitude = content
        if isNegative {
            // Two's complement.
            var carry = true
            for index in magnitude.indices.reversed() {
                magnitude[index] = ~magnitude[index]
                if carry {
                    magnitude[index] &+= 1
                    carry = magnitude[index] == 0
                }
            }
        }
        var digits: [UInt8] = []
        while magnitude.contains(where: { $0 != 0 }) {
            var rest = 0
            for index in magnitude.indices {
                let value = rest << 8 | Int(magnitude[index])
                magnitude[index] = UInt8(value / 10)
                rest = value % 10
            }
            digits.append(UInt8(ascii: "0") + UInt8(rest))
        }
        if digits.isEmpty { return "0" }
        return (isNegative ? "-" : "") + String(decoding: digits.reversed(), as: UTF8.self)
    }

    private static func alternativeNames(of certificate: NIOSSLCertificate) -> [String] {
        var kinds: [[String]] = [[], [], [], []]
        for name in certificate._subjectAlternativeNames() {
            let bytes = Array(name.contents)
            switch name.nameType {
            case .dnsName: kinds[0].append(String(decoding: bytes, as: UTF8.self))
            case .email: kinds[1].append(String(decoding: bytes, as: UTF8.self))
            case .ipAddress: if let address = CertificateNames.address(bytes) { kinds[2].append(address.description) }
            case .uri: kinds[3].append(String(decoding: bytes, as: UTF8.self))
            default: break
            }
        }
        return kinds.flatMap { $0 }
    }
}
