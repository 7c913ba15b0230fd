import MartinetConfig
import MartinetCore
import MartinetHTTP
import MartinetMiddlewares
import Testing

@Suite struct PassTLSClientCertTests {
    private static func certificate() -> ClientCertificate {
        var it = ClientCertificate(der: [0, 1, 2, 0xFE])
        it.serialNumber = "481535"
        it.subject = [
            .init(.domainComponent, "org"), .init(.domainComponent, "cheese"), .init(.organization, "Cheese"),
            .init(.country, "FR"), .init(.organization, ""), .init(.organization, "Cheese 2"),
            .init(.organizationalUnit, "Simple"), .init(.province, "SOME"), .init(.locality, "TOULOUSE"),
            .init(.commonName, "first"), .init(.serialNumber, "S1"), .init(.commonName, "*.example.com é"),
        ]
        it.issuer = [.init(.country, "DE"), .init(.organizationalUnit, "never told"), .init(.commonName, "CA")]
        it.notBefore = 1_544_094_616
        it.notAfter = 1_607_166_616
        it.alternativeNames = ["*.example.com", "a@b.test", "10.0.1.2"]
        return it
    }

    private func exchange(_ certificate: ClientCertificate?, _ lines: [(String, String)] = []) -> Exchange {
        let exchange = Exchange(
            connection: ConnectionInfo(
                peer: IPAddress(v4: 0x7F00_0001), peerPort: 1, entryPoint: "web", localPort: 80, isTLS: true,
                clientCertificate: certificate))
        for (name, value) in lines { exchange.request.headers.add(name: name, value: value) }
        return exchange
    }

    @Test func whatTheClientSentBehindItsCertificateFollows() {
        var certificate = Self.certificate()
        var issuer = ClientCertificate(der: [9])
        issuer.serialNumber = "2"
        certificate.issuers = [issuer]
        var options = info { $0.serialNumber = true }
        options.pem = true
        let exchange = exchange(certificate)
        #expect(PassTLSClientCert(options).request(exchange) == .proceed)
        #expect(
            exchange.requestLines == [
                "X-Forwarded-Tls-Client-Cert: AAEC/g==,CQ==",
                "X-Forwarded-Tls-Client-Cert-Info: SerialNumber%3D%22481535%22%2CSerialNumber%3D%222%22",
            ])
    }

    private func info(_ change: (inout PassTLSClientCertInfoOptions) -> Void) -> PassTLSClientCertOptions {
        var options = PassTLSClientCertOptions()
        var info = PassTLSClientCertInfoOptions()
        change(&info)
        options.info = info
        return options
    }

    @Test func sendsTheWholeCertificate() {
        var options = PassTLSClientCertOptions()
        options.pem = true
        let exchange = exchange(Self.certificate(), [("X-Forwarded-Tls-Client-Cert", "forged")])
        #expect(PassTLSClientCert(options).request(exchange) == .proceed)
        #expect(exchange.requestLines == ["X-Forwarded-Tls-Client-Cert: AAEC/g=="])
    }

    @Test func sendsAllPartsInTraefiksOrder() {
        let options = info {
            $0.notAfter = true
            $0.notBefore = true
            $0.sans = true
            $0.serialNumber = true
            var subject = CertificateSubjectOptions()
            subject.country = true
            subject.province = true
            subject.locality = true
            subject.organization = true
            subject.organizationalUnit = true
            subject.commonName = true
            subject.serialNumber = true
            subject.domainComponent = true
            $0.subject = subject
            var issuer = CertificateIssuerOptions()
            issuer.country = true
            issuer.commonName = true
            $0.issuer = issuer
        }
        let exchange = exchange(Self.certificate())
        #expect(PassTLSClientCert(options).request(exchange) == .proceed)
        #expect(
            exchange.requestLines == [
                "X-Forwarded-Tls-Client-Cert-Info: Subject%3D%22DC%3Dorg%2CDC%3Dcheese%2CC%3DFR%2CST%3DSOME%2CL%3DTOULOUSE"
                    + "%2CO%3DCheese%2CO%3DCheese+2%2COU%3DSimple%2CSN%3DS1%2CCN%3D%2A.example.com+%C3%A9%22"
                    + "%3BIssuer%3D%22C%3DDE%2CCN%3DCA%22%3BSerialNumber%3D%22481535%22"
                    + "%3BNB%3D%221544094616%22%3BNA%3D%221607166616%22"
                    + "%3BSAN%3D%22%2A.example.com%2Ca%40b.test%2C10.0.1.2%22"
            ])
    }

    @Test func leavesOutWhatTheCertificateDoesNotHave() {
        let options = info {
            $0.sans = true
            $0.serialNumber = true
            var subject = CertificateSubjectOptions()
            subject.commonName = true
            $0.subject = subject
        }
        var certificate = ClientCertificate(der: [])
        certificate.serialNumber = "1"
        let exchange = exchange(certificate)
        _ = PassTLSClientCert(options).request(exchange)
        #expect(exchange.requestLines == ["X-Forwarded-Tls-Client-Cert-Info: SerialNumber%3D%221%22"])
    }

    @Test(arguments: [
        "X-Forwarded-Tls-Client-Cert", "X-Forwarded-Tls-Client-Cert-Info", "X_Forwarded_Tls_Client_Cert",
        "x_forwarded-tls_client_cert_info",
    ])
    func nobodySpeaksForACertificateThatIsNotThere(_ name: String) {
        var options = info { $0.sans = true }
        options.pem = true
        let exchange = exchange(nil, [(name, "forged"), ("Accept", "x")])
        #expect(PassTLSClientCert(options).request(exchange) == .proceed)
        #expect(exchange.requestLines == ["Accept: x"])
    }
}
