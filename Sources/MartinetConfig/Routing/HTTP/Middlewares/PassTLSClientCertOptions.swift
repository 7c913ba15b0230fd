/// Tells servers about the client's certificate.
package struct PassTLSClientCertOptions: OptionGroup {
    package var pem = false
    package var info: PassTLSClientCertInfoOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("pem", \.pem, "Whether the whole certificate is sent."),
        .init("info", \.info, "Which parts are sent."),
    ]
}

/// Parts of a certificate.
package struct PassTLSClientCertInfoOptions: OptionGroup {
    package var notAfter = false
    package var notBefore = false
    package var sans = false
    package var serialNumber = false
    package var subject: CertificateSubjectOptions?
    package var issuer: CertificateIssuerOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("notAfter", \.notAfter, "End of validity."),
        .init("notBefore", \.notBefore, "Start of validity."),
        .init("sans", \.sans, "Further names."),
        .init("serialNumber", \.serialNumber, "Serial number."),
        .init("subject", \.subject, "Parts of the subject."),
        .init("issuer", \.issuer, "Parts of the issuer."),
    ]
}

/// Parts of a certificate's subject.
package struct CertificateSubjectOptions: OptionGroup {
    package var country = false
    package var province = false
    package var locality = false
    package var organization = false
    package var organizationalUnit = false
    package var commonName = false
    package var serialNumber = false
    package var domainComponent = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("country", \.country, "C."),
        .init("province", \.province, "ST."),
        .init("locality", \.locality, "L."),
        .init("organization", \.organization, "O."),
        .init("organizationalUnit", \.organizationalUnit, "OU."),
        .init("commonName", \.commonName, "CN."),
        .init("serialNumber", \.serialNumber, "SN."),
        .init("domainComponent", \.domainComponent, "DC."),
    ]
}

/// Parts of a certificate's issuer.
package struct CertificateIssuerOptions: OptionGroup {
    package var country = false
    package var province = false
    package var locality = false
    package var organization = false
    package var commonName = false
    package var serialNumber = false
    package var domainComponent = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("country", \.country, "C."),
        .init("province", \.province, "ST."),
        .init("locality", \.locality, "L."),
        .init("organization", \.organization, "O."),
        .init("commonName", \.commonName, "CN."),
        .init("serialNumber", \.serialNumber, "SN."),
        .init("domainComponent", \.domainComponent, "DC."),
    ]
}
