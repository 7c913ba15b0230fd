import NIOCore

@testable import MartinetHTTP

/// Frames put together by hand, so that a test can break any rule.
enum HTTP2Frames {
    typealias Fields = [(String, String)]

    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    static func frame(_ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8] = []) -> [UInt8] {
        let length = UInt32(payload.count)
        return Array(int(length).dropFirst()) + [kind, flags] + int(stream) + payload
    }

    static func int(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    static func settings(_ values: [(UInt16, UInt32)] = []) -> [UInt8] {
        frame(4, 0, 0, values.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + int($0.1) })
    }

    static func headers(_ stream: UInt32, _ fields: Fields, end: Bool = true) -> [UInt8] {
        frame(1, end ? 5 : 4, stream, block(fields))
    }

    static func data(_ stream: UInt32, _ text: String, end: Bool = false) -> [UInt8] {
        frame(0, end ? 1 : 0, stream, Array(text.utf8))
    }

    static func reset(_ stream: UInt32) -> [UInt8] { frame(3, 0, stream, int(8)) }

    static func windowUpdate(_ stream: UInt32, _ count: UInt32) -> [UInt8] { frame(8, 0, stream, int(count)) }

    /// Literals that enter no table, without Huffman.
    static func block(_ fields: Fields) -> [UInt8] { fields.flatMap { [0] + string($0.0) + string($0.1) } }

    /// A GET of `a.test`, some of its pseudo-headers changed or, with nil, left out.
    static func request(_ changes: [String: String?] = [:], and fields: Fields = []) -> Fields {
        let usual = [(":method", "GET"), (":scheme", "http"), (":authority", "a.test"), (":path", "/")]
        return usual.compactMap { name, value in
            guard let change = changes[name] else { return (name, value) }
            return change.map { (name, $0) }
        } + fields
    }

    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count > 126 else { return [UInt8(bytes.count)] + bytes }
        var rest = bytes.count - 127
        var length: [UInt8] = [127]
        while rest >= 128 {
            length.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        return length + [UInt8(rest)] + bytes
    }
}

/// The fields of a section as text, `name: value`.
struct FieldList: HPACKFieldSink {
    var lines: [String] = []

    mutating func take(_ field: HPACKField) {
        lines.append(String(decoding: field.name, as: UTF8.self) + ": " + String(decoding: field.value, as: UTF8.self))
    }
}
