import MartinetCore
import NIOSSL

/// The names a certificate is good for, in lower case.
enum CertificateNames {
    /// Host names (wildcards as they stand) and addresses of the subject's alternative names, then the common name, as Traefik has it.
    static func of(_ certificate: NIOSSLCertificate) -> [String] {
        var names: [String] = []
        func add(_ name: String) { if !name.isEmpty, !names.contains(name) { names.append(name) } }
        for name in certificate._subjectAlternativeNames() {
            let bytes = Array(name.contents)
            switch name.nameType {
            case .dnsName: add(normalized(bytes))
            case .ipAddress: if let address = address(bytes) { add(address.description) }
            default: break
            }
        }
        for name in certificate.subjectName where name.type == .commonName { add(normalized(Array(name.value.utf8))) }
        return names
    }

    /// The URIs among the alternative names, as they stand.
    static func uris(of certificate: NIOSSLCertificate) -> [String] {
        certificate._subjectAlternativeNames().filter { $0.nameType == .uri }
            .map { String(decoding: Array($0.contents), as: UTF8.self) }
    }

    /// Four or sixteen bytes as they are on the wire.
    static func address(_ bytes: [UInt8]) -> IPAddress? {
        switch bytes.count {
        case 4: IPAddress(v4: bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16: IPAddress(value: bytes.reduce(0) { $0 << 8 | UInt128($1) })
        default: nil
        }
    }

    /// Lower case, without trailing dot.
    private static func normalized(_ bytes: [UInt8]) -> String {
        let trimmed = bytes.last == UInt8(ascii: ".") ? bytes.dropLast() : bytes[...]
        return String(decoding: trimmed.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
