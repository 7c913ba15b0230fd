import MartinetHTTP
import NIOCore

/// What must hold for every sequence of field blocks (RFC 7541). The input is blocks one behind the other, each after a byte with
/// its length.
enum HPACKInvariants {
    private static let limit = 300

    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        var decoder = HPACKDecoder(limit: limit)
        var encoder = HPACKEncoder(limit: 200)
        var second = HPACKDecoder(limit: limit)
        var rest = input[...]
        while let length = rest.popFirst() {
            let block = Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(Int(length))
            guard let fields = decode(block, &decoder) else { return }
            try require(decoder.tableSize <= decoder.tableMaxSize, "the table keeps to its size")
            try require(decoder.tableMaxSize <= limit, "the table's size keeps to the limit")
            try require(fields.lines.count <= block.count, "a field takes a byte at least")
            let lines = fields.lines.filter { $0.isWritable }
            try survivesWriting(lines, &encoder, &second)
        }
    }

    /// What was read is written and read again, the same.
    private static func survivesWriting(
        _ lines: [HPACKLines.Line], _ encoder: inout HPACKEncoder, _ decoder: inout HPACKDecoder
    ) throws(BrokenInvariant) {
        var out = ByteBuffer()
        encoder.begin(&out)
        for line in lines {
            line.name.withUnsafeBytes { name in
                line.value.withUnsafeBytes { value in
                    encoder.encode(
                        name: name, value: value, id: HeaderID.lookup(name), isSensitive: line.isSensitive, to: &out)
                }
            }
        }
        guard let again = decode(Array(out.readableBytesView), &decoder) else {
            throw BrokenInvariant("what is encoded is decoded")
        }
        try requireEqual(again.lines.map(\.name), lines.map(\.name), "the names")
        try requireEqual(again.lines.map(\.value), lines.map(\.value), "the values")
        for (line, copy) in zip(lines, again.lines) where line.isSensitive {
            try require(copy.isSensitive, "what is sensitive stays so")
        }
        try requireEqual(decoder.tableMaxSize, encoder.tableMaxSize, "the sizes of both tables")
    }

    private static func decode(_ block: [UInt8], _ decoder: inout HPACKDecoder) -> HPACKLines? {
        var lines = HPACKLines()
        do {
            try block.withUnsafeBytes { try decoder.decode($0, into: &lines) }
        } catch {
            return nil
        }
        return lines
    }
}

/// Decoded fields, copied.
struct HPACKLines: HPACKFieldSink {
    struct Line {
        let name: [UInt8]
        let value: [UInt8]
        let kind: HPACKNameKind
        let isSensitive: Bool

        /// Encoders are given names that are tokens in lower case.
        var isWritable: Bool { kind == .plain || kind == .alias }
    }

    private(set) var lines: [Line] = []

    mutating func take(_ field: HPACKField) {
        lines.append(
            Line(
                name: Array(field.name), value: Array(field.value), kind: field.kind, isSensitive: field.isSensitive))
    }
}
