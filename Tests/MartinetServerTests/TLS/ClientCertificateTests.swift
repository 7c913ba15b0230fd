import Crypto
import Foundation
import MartinetCore
import NIOSSL
import SwiftASN1
import Testing
import X509

@testable import MartinetServer

@Suite struct ClientCertificateTests {
    private func read(
        _ subject: DistinguishedName, serialNumber: [UInt8] = [1], alternatives: [GeneralName] = []
    ) throws -> (read: ClientCertificate, der: [UInt8]) {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(bytes: serialNumber), publicKey: key.publicKey,
            notValidBefore: Date(timeIntervalSince1970: 1_544_094_616),
            notValidAfter: Date(timeIntervalSince1970: 4_102_444_800),
            issuer: try DistinguishedName { CommonName("Issuer") }, subject: subject,
            extensions: try Certificate.Extensions {
                if !alternatives.isEmpty { SubjectAlternativeNames(alternatives) }
            }, issuerPrivateKey: key)
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        let der = serializer.serializedBytes
        return (try #require(ClientCertificate(try NIOSSLCertificate(bytes: der, format: .der))), der)
    }

    @Test func readsNamesInTheirOrder() throws {
        let name = try DistinguishedName(
            [
                .init(type: [0, 9, 2342, 19_200_300, 100, 1, 25], utf8String: "org"),
                .init(type: [2, 5, 4, 6], printableString: "FR"),
                .init(type: [2, 5, 4, 8], utf8String: "Île"),
                .init(type: [2, 5, 4, 7], utf8String: "Paris"),
                .init(type: [2, 5, 4, 10], utf8String: "One"),
                .init(type: [2, 5, 4, 10], utf8String: "Two"),
                .init(type: [2, 5, 4, 11], utf8String: "Unit"),
                .init(type: [2, 5, 4, 5], printableString: "S1"),
                .init(type: [2, 5, 4, 12], utf8String: "a title, which nobody asks for"),
                .init(type: [2, 5, 4, 3], utf8String: "a.test"),
            ].map { RelativeDistinguishedName($0) })
        let (certificate, der) = try read(name)
        #expect(certificate.der == der)
        #expect(
            certificate.subject == [
                .init(.domainComponent, "org"), .init(.country, "FR"), .init(.province, "Île"),
                .init(.locality, "Paris"),
                .init(.organization, "One"), .init(.organization, "Two"), .init(.organizationalUnit, "Unit"),
                .init(.serialNumber, "S1"), .init(.commonName, "a.test"),
            ])
        #expect(certificate.issuer == [.init(.commonName, "Issuer")])
        #expect(certificate.notBefore == 1_544_094_616)
        #expect(certificate.notAfter == 4_102_444_800)
        #expect(certificate.serialNumber == "1")
        #expect(certificate.alternativeNames.isEmpty)
    }

    /// Parts of a subject, by the last number of their types (2.5.4.n), and its line. Go prints the same for these.
    private static let subjects: [(parts: [(type: UInt, value: String)], line: String)] = [
        ([(3, "a.test")], "CN=a.test"),
        (
            [(6, "FR"), (11, "One"), (11, "Two"), (12, "Île"), (42, "org"), (5, "S1"), (3, "first"), (3, "last")],
            "SERIALNUMBER=S1,CN=last,OU=One+OU=Two,C=FR,2.5.4.42=#13036f7267,2.5.4.12=#0c04c38e6c65"
        ),
        ([(10, #" #a, "b"+c;<\> "#)], ##"O=\ #a\, \"b\"\+c\;\<\\\>\ "##),
        ([(10, "#1"), (3, "")], ##"O=\#1"##),
        ([(3, "a=")], "CN=a="),
    ]

    @Test(arguments: subjects.indices) func aSubjectIsOneLine(_ index: Int) throws {
        let (parts, line) = Self.subjects[index]
        let name = DistinguishedName(
            parts.map { RelativeDistinguishedName(.init(type: [2, 5, 4, $0.type], utf8String: $0.value)) })
        #expect(try read(name).read.subjectText == line)
    }

    @Test func namesOfAKindStandTogether() throws {
        let (certificate, _) = try read(
            try DistinguishedName { CommonName("a") },
            alternatives: [
                .uniformResourceIdentifier("https://a.test/x"),
                .ipAddress(ASN1OctetString(contentBytes: [10, 0, 1, 2])),
                .rfc822Name("a@b.test"), .dnsName("*.a.test"), .dnsName("b.test"),
            ])
        #expect(certificate.alternativeNames == ["*.a.test", "b.test", "a@b.test", "10.0.1.2", "https://a.test/x"])
    }

    @Test(
        arguments: [
            ([], "0"), ([0], "0"), ([0x7F], "127"), ([0, 0x80], "128"), ([0x80], "-128"), ([0xFF], "-1"),
            ([0xFF, 0], "-256"),
            ([1, 0, 0, 0, 0, 0, 0, 0, 0], "18446744073709551616"),
            ([UInt8](repeating: 0x7F, count: 20), "727885129180488904360266563744972327436484050815"),
            ([UInt8](repeating: 1, count: 65), ""),
        ] as [([UInt8], String)])
    func serialNumbersAreDecimal(_ content: [UInt8], _ text: String) {
        #expect(ClientCertificate.decimal(content) == text)
    }
}
