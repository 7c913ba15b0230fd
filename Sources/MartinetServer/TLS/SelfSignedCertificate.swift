import Crypto
import SwiftASN1

/// Makes the certificate that is served when none was given: ECDSA P-256, a year long, under a random name nobody asks for, so that
/// it never stands in for a certificate that should be there.
///
/// Written as DER by hand: the X.509 packages want Foundation's dates, which stay out of this module.
enum SelfSignedCertificate {
    static let commonName = "MARTINET DEFAULT CERT"
    /// Seconds.
    static let lifetime: Int64 = 365 * 24 * 3600

    /// A new pair, valid from an hour before `now` (seconds since 1970): clocks of clients may be behind.
    static func make(now: Int64) throws(TLSFailure) -> TLSCertificate {
        let key = P256.Signing.PrivateKey()
        do {
            let der = try certificate(for: key, notBefore: now - 3600, notAfter: now + lifetime)
            let pem = PEMDocument(type: "CERTIFICATE", derBytes: der).pemString
            return try TLSCertificate(
                certificate: Array(pem.utf8), key: Array(key.pemRepresentation.utf8), label: commonName,
                keyLabel: commonName)
        } catch let failure as TLSFailure {
            throw failure
        } catch {
            throw TLSFailure("the default certificate could not be made: \(error)")
        }
    }

    /// `Certificate` of RFC 5280 §4.1.
    private static func certificate(
        for key: P256.Signing.PrivateKey, notBefore: Int64, notAfter: Int64
    ) throws -> [UInt8] {
        var signed = DER.Serializer()
        try writeBody(to: &signed, key: key, notBefore: notBefore, notAfter: notAfter)
        let body = signed.serializedBytes
        let signature = try key.signature(for: body).derRepresentation
        var out = DER.Serializer()
        try out.appendConstructedNode(identifier: .sequence) { out in
            out.serializeRawBytes(body)
            try writeSignatureAlgorithm(to: &out)
            try out.serialize(ASN1BitString(bytes: Array(signature)[...]))
        }
        return out.serializedBytes
    }

    /// `TBSCertificate`.
    private static func writeBody(
        to out: inout DER.Serializer, key: P256.Signing.PrivateKey, notBefore: Int64, notAfter: Int64
    ) throws {
        try out.appendConstructedNode(identifier: .sequence) { out in
            let version = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
            try out.appendConstructedNode(identifier: version) { try $0.serialize(2) }
            // Positive, and far below the 20 bytes that are allowed.
            try out.serialize(UInt64.random(in: 1 ... .max))
            try writeSignatureAlgorithm(to: &out)
            try writeName(to: &out)
            try out.appendConstructedNode(identifier: .sequence) { out in
                try out.serialize(time(notBefore))
                try out.serialize(time(notAfter))
            }
            try writeName(to: &out)
            out.serializeRawBytes(Array(key.publicKey.derRepresentation))
            let extensions = ASN1Identifier(tagWithNumber: 3, tagClass: .contextSpecific)
            try out.appendConstructedNode(identifier: extensions) { out in
                try out.appendConstructedNode(identifier: .sequence) { try writeExtensions(to: &$0) }
            }
        }
    }

    private static func writeSignatureAlgorithm(to out: inout DER.Serializer) throws {
        // ecdsa-with-SHA256
        try out.appendConstructedNode(identifier: .sequence) {
            try $0.serialize(ASN1ObjectIdentifier("1.2.840.10045.4.3.2"))
        }
    }

    private static func writeName(to out: inout DER.Serializer) throws {
        try out.appendConstructedNode(identifier: .sequence) { out in
            try out.appendConstructedNode(identifier: .set) { out in
                try out.appendConstructedNode(identifier: .sequence) { out in
                    try out.serialize(ASN1ObjectIdentifier("2.5.4.3"))
                    try out.serialize(ASN1UTF8String(commonName))
                }
            }
        }
    }

    /// A name of its own, no authority, for servers.
    private static func writeExtensions(to out: inout DER.Serializer) throws {
        var name = DER.Serializer()
        name.appendConstructedNodeOfHostName(randomName())
        try writeExtension(to: &out, "2.5.29.17", name.serializedBytes)
        var constraints = DER.Serializer()
        constraints.appendConstructedNode(identifier: .sequence) { _ in }
        try writeExtension(to: &out, "2.5.29.19", constraints.serializedBytes, isCritical: true)
        var usage = DER.Serializer()
        try usage.appendConstructedNode(identifier: .sequence) {
            try $0.serialize(ASN1ObjectIdentifier("1.3.6.1.5.5.7.3.1"))
        }
        try writeExtension(to: &out, "2.5.29.37", usage.serializedBytes)
    }

    private static func writeExtension(
        to out: inout DER.Serializer, _ identifier: String, _ value: [UInt8], isCritical: Bool = false
    ) throws {
        try out.appendConstructedNode(identifier: .sequence) { out in
            try out.serialize(ASN1ObjectIdentifier(dotRepresentation: Substring(identifier)))
            if isCritical { try out.serialize(true) }
            try out.serialize(ASN1OctetString(contentBytes: value[...]))
        }
    }

    private static func randomName() -> String {
        let digits = Array("0123456789abcdef".utf8)
        let label = (0..<32).map { _ in digits[Int.random(in: 0..<16)] }
        return String(decoding: label, as: UTF8.self) + ".martinet.default"
    }

    /// UTCTime knows the years up to 2049 (RFC 5280 §4.1.2.5).
    private static func time(_ seconds: Int64) throws -> UTCTime {
        let date = CalendarDate(seconds)
        return try UTCTime(
            year: date.year, month: date.month, day: date.day, hours: date.hour, minutes: date.minute,
            seconds: date.second)
    }
}

extension DER.Serializer {
    /// `GeneralNames` with one dNSName.
    fileprivate mutating func appendConstructedNodeOfHostName(_ name: String) {
        appendConstructedNode(identifier: .sequence) { out in
            out.appendPrimitiveNode(identifier: ASN1Identifier(tagWithNumber: 2, tagClass: .contextSpecific)) {
                $0 += Array(name.utf8)
            }
        }
    }
}
