/// The certificate a client showed in the TLS handshake, in the parts that servers may be told of.
///
/// Whether it was checked against an authority is decided by the TLS options of the connection.
package struct ClientCertificate: Sendable, Equatable {
    /// A part of a name that has a short form.
    package enum NamePart: String, Sendable, CaseIterable {
        case domainComponent = "DC"
        case country = "C"
        case province = "ST"
        case locality = "L"
        case organization = "O"
        case organizationalUnit = "OU"
        case serialNumber = "SN"
        case commonName = "CN"
    }

    /// One part of a subject or an issuer.
    package struct NameEntry: Sendable, Equatable {
        package let part: NamePart
        package let value: String

        package init(_ part: NamePart, _ value: String) {
            self.part = part
            self.value = value
        }
    }

    /// The whole certificate (RFC 5280 §4.1).
    package let der: [UInt8]
    /// In decimal; negative ones, which are not allowed but exist, with a minus sign.
    package var serialNumber = ""
    package var subject: [NameEntry] = []
    /// The whole subject in one line, as Go prints it: `CN=a,OU=b+OU=c,O=d`.
    package var subjectText = ""
    package var issuer: [NameEntry] = []
    /// Seconds since 1970.
    package var notBefore: Int64 = 0
    package var notAfter: Int64 = 0
    /// DNS names, mail addresses, IP addresses, URIs: all of a kind together, in this order.
    package var alternativeNames: [String] = []

    /// What the client sent behind its certificate, in its order: authorities between it and one that is trusted, as it says.
    /// Empty where the options have certificates verified: of those the TLS library tells the first only.
    package var issuers: [ClientCertificate] = []

    package init(der: [UInt8]) { self.der = der }
}
