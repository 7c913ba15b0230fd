import SwiftASN1

/// The text of a name in a certificate as Go's `pkix.Name.String` has it, which is Traefik's `TLSClientSubject`.
///
/// Like RFC 2253 the last part comes first. Unlike it the parts are in a fixed order, those of a kind joined by `+`, and the kinds
/// that have no short name come last, as `1.2.3=#` and the value's DER in hexadecimal.
struct SubjectText {
    private struct Kind {
        let type: ASN1ObjectIdentifier
        let name: String
    }

    /// In the order of the text. Of the first two, of which there should be one, the last counts.
    private static let kinds = [
        Kind(type: [2, 5, 4, 5], name: "SERIALNUMBER"), Kind(type: [2, 5, 4, 3], name: "CN"),
        Kind(type: [2, 5, 4, 11], name: "OU"), Kind(type: [2, 5, 4, 10], name: "O"),
        Kind(type: [2, 5, 4, 17], name: "POSTALCODE"), Kind(type: [2, 5, 4, 9], name: "STREET"),
        Kind(type: [2, 5, 4, 7], name: "L"), Kind(type: [2, 5, 4, 8], name: "ST"), Kind(type: [2, 5, 4, 6], name: "C"),
    ]

    private var pairs: [(type: ASN1ObjectIdentifier, value: String)] = []

    mutating func append(_ type: ASN1ObjectIdentifier, _ value: String) { pairs.append((type, value)) }

    var text: String {
        var parts: [String] = []
        for (index, kind) in Self.kinds.enumerated() {
            var values = pairs.filter { $0.type == kind.type }.map(\.value)
            // Of these an empty one is as good as none.
            if index < 2 { values = values.suffix(1).filter { !$0.isEmpty } }
            guard !values.isEmpty else { continue }
            parts.append(values.map { "\(kind.name)=\(Self.escaped($0))" }.joined(separator: "+"))
        }
        let others = pairs.filter { pair in !Self.kinds.contains { $0.type == pair.type } }
        parts += others.reversed().map { "\($0.type)=#\(Self.encoded($0.value))" }
        return parts.joined(separator: ",")
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        let last = value.unicodeScalars.indices.last
        for index in value.unicodeScalars.indices {
            let scalar = value.unicodeScalars[index]
            let isFirst = index == value.unicodeScalars.startIndex
            let escapes =
                switch scalar {
                case ",", "+", "\"", "\\", "<", ">", ";": true
                case " ": isFirst || index == last
                case "#": isFirst
                default: false
                }
            if escapes { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        return text
    }

    /// DER in hexadecimal: a PrintableString (X.680 §41.4) if the value can be one, else a UTF8String.
    private static func encoded(_ value: String) -> String {
        let isPrintable = value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x30...0x3A: true
            case 0x20, 0x27...0x29, 0x2B...0x2F, 0x3D, 0x3F: true
            default: false
            }
        }
        var serializer = DER.Serializer()
        do {
            if isPrintable {
                try ASN1PrintableString(value).serialize(into: &serializer)
            } else {
                try ASN1UTF8String(value).serialize(into: &serializer)
            }
        } catch {
            return ""
        }
        let digits = Array("0123456789abcdef".unicodeScalars)
        var text = ""
        for byte in serializer.serializedBytes {
            text.unicodeScalars.append(digits[Int(byte >> 4)])
            text.unicodeScalars.append(digits[Int(byte & 15)])
        }
        return text
    }
}
