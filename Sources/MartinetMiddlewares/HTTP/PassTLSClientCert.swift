package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Tells servers about the client's certificate (Traefik's `passTLSClientCert`): all of it, or chosen parts.
///
/// `X-Forwarded-Tls-Client-Cert` is its DER in Base64. `X-Forwarded-Tls-Client-Cert-Info` is, percent-encoded as in a query,
/// `Subject="CN=a,…";Issuer="…";SerialNumber="1";NB="0";NA="1";SAN="a,b"` with the parts that were asked for and are there.
/// What the client sent behind its own certificate follows in the same way, with commas between.
/// Without a certificate neither header gets through to the server: what a client says of itself is no certificate.
package final class PassTLSClientCert: HTTPMiddleware {
    private let options: PassTLSClientCertOptions
    private let subject: Set<ClientCertificate.NamePart>
    private let issuer: Set<ClientCertificate.NamePart>

    package init(_ options: PassTLSClientCertOptions) {
        self.options = options
        subject = options.info?.subject.map(Self.parts) ?? []
        issuer = options.info?.issuer.map(Self.parts) ?? []
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        let chain = exchange.connection.clientCertificate.map { [$0] + $0.issuers } ?? []
        if options.pem {
            let texts = chain.map { Base64.encode($0.der) }
            set(.xForwardedTLSClientCert, chain.isEmpty ? nil : Array(texts.joined(separator: ",").utf8), exchange)
        }
        if options.info != nil {
            let text = chain.map { info(of: $0) }.joined(separator: ",")
            set(.xForwardedTLSClientCertInfo, chain.isEmpty ? nil : Self.escaped(text), exchange)
        }
        return .proceed
    }

    private func set(_ id: HeaderID, _ value: [UInt8]?, _ exchange: Exchange) {
        exchange.request.headers.remove(id)
        if exchange.request.headers.hasAliases { removeAliases(of: id, exchange) }
        value?.withUnsafeBytes { exchange.request.headers.add(id, $0) }
    }

    /// `X_Forwarded_Tls_Client_Cert` and the like, which some servers take for the same.
    private func removeAliases(of id: HeaderID, _ exchange: Exchange) {
        exchange.request.headers.removeAll { block, entry in
            entry.id == .other && block.withBytes(entry.name) { HeaderTwins.dashedID($0) == id }
        }
    }

    // MARK: Information

    private func info(of certificate: ClientCertificate) -> String {
        guard let options = options.info else { return "" }
        var fields: [String] = []
        func add(_ name: String, _ value: String) { if !value.isEmpty { fields.append("\(name)=\"\(value)\"") } }
        add("Subject", Self.text(of: certificate.subject, subject))
        add("Issuer", Self.text(of: certificate.issuer, issuer))
        if options.serialNumber { add("SerialNumber", certificate.serialNumber) }
        if options.notBefore { add("NB", Self.seconds(certificate.notBefore)) }
        if options.notAfter { add("NA", Self.seconds(certificate.notAfter)) }
        if options.sans { add("SAN", certificate.alternativeNames.joined(separator: ",")) }
        return fields.joined(separator: ";")
    }

    /// Traefik prints the time as an unsigned number; a time before 1970 becomes a large one.
    private static func seconds(_ time: Int64) -> String { String(UInt64(bitPattern: time)) }

    /// The parts wanted, all of a kind together; of serial numbers and common names, of which there should be one, the last.
    private static func text(
        of name: [ClientCertificate.NameEntry], _ wanted: Set<ClientCertificate.NamePart>
    ) -> String {
        var texts: [String] = []
        for part in ClientCertificate.NamePart.allCases where wanted.contains(part) {
            let values = name.filter { $0.part == part }.map(\.value)
            let isSingle = part == .serialNumber || part == .commonName
            // Empty ones say nothing; only of domain components Traefik tells them.
            texts += (isSingle ? values.suffix(1) : values[...])
                .filter { !$0.isEmpty || part == .domainComponent }
                .map { "\(part.rawValue)=\($0)" }
        }
        return texts.joined(separator: ",")
    }

    private static func parts(_ options: CertificateSubjectOptions) -> Set<ClientCertificate.NamePart> {
        chosen([
            (options.domainComponent, .domainComponent), (options.country, .country), (options.province, .province),
            (options.locality, .locality), (options.organization, .organization),
            (options.organizationalUnit, .organizationalUnit), (options.serialNumber, .serialNumber),
            (options.commonName, .commonName),
        ])
    }

    private static func parts(_ options: CertificateIssuerOptions) -> Set<ClientCertificate.NamePart> {
        chosen([
            (options.domainComponent, .domainComponent), (options.country, .country), (options.province, .province),
            (options.locality, .locality), (options.organization, .organization),
            (options.serialNumber, .serialNumber), (options.commonName, .commonName),
        ])
    }

    private static func chosen(_ parts: [(Bool, ClientCertificate.NamePart)]) -> Set<ClientCertificate.NamePart> {
        Set(parts.filter(\.0).map(\.1))
    }

    // MARK: Encoding

    /// As a value in a query: a space is a plus sign. With that no byte is left that could end a header line.
    private static func escaped(_ text: String) -> [UInt8] {
        var out: [UInt8] = []
        let digits = Percent.digits.bytes
        for byte in text.utf8 {
            if Percent.isUnreserved(byte) {
                out.append(byte)
            } else if byte == UInt8(ascii: " ") {
                out.append(UInt8(ascii: "+"))
            } else {
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return out
    }
}
