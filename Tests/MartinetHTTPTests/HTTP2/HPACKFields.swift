import MartinetHTTP
import NIOCore

/// Collects decoded fields as text, in the order they come: `name: value`, those that came as never-indexed with a `!` before.
struct HPACKFields: HPACKFieldSink {
    private(set) var lines: [String] = []

    mutating func take(_ field: HPACKField) {
        let name = String(decoding: field.name, as: UTF8.self)
        let value = String(decoding: field.value, as: UTF8.self)
        lines.append((field.isSensitive ? "!" : "") + name + ": " + value)
    }
}

extension HPACKDecoder {
    /// The fields of a block, or the reason why not.
    mutating func fields(_ block: [UInt8]) throws(HPACKError) -> [String] {
        var sink = HPACKFields()
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: block.count, alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: block)
        try decode(UnsafeRawBufferPointer(copy), into: &sink)
        return sink.lines
    }
}

/// Bytes written in hexadecimal digits; blanks are ignored.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }.compactMap { $0.hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
