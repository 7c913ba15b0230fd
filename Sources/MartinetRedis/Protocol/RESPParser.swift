package import NIOCore

/// Reads the answers of a server out of bytes that come in pieces of any size. Each byte is looked at once.
///
/// ```
/// line ──► simple value ────────────► value ──► top level: an answer
///      ├─► length of a string ─ bytes ─┘   └──► inside an aggregate: its next element, maybe its last
///      └─► length of an aggregate: opened, its elements follow
/// ```
package struct RESPParser {
    /// An array, set, map, push or attribute whose elements are not all here.
    private struct Aggregate {
        let type: UInt8
        /// Elements to come.
        var missing: Int
        var elements: [RESPValue] = []
    }

    private enum Step {
        case needsMore
        case value(RESPValue)
        /// An aggregate begins, or an attribute is over.
        case nothing
    }

    private let limits: RESPLimits
    private var open: [Aggregate] = []
    /// Type and length of the string whose bytes are to come.
    private var pendingString: (type: UInt8, length: Int)?
    /// Bytes of the line under way in which there is no line end.
    private var scanned = 0
    /// Of the answer under way.
    private var bytes = 0
    private var elements = 0

    package init(limits: RESPLimits = RESPLimits()) {
        self.limits = limits
    }

    /// Takes the next whole answer out of `buffer`; nil when there is none yet. After an error the connection is of no more use.
    package mutating func next(_ buffer: inout ByteBuffer) throws(RESPError) -> RESPValue? {
        while true {
            switch try step(&buffer) {
            case .needsMore: return nil
            case .nothing: continue
            case .value(let value):
                guard let whole = place(value) else { continue }
                bytes = 0
                elements = 0
                return whole
            }
        }
    }

    private mutating func step(_ buffer: inout ByteBuffer) throws(RESPError) -> Step {
        if let (type, length) = pendingString { return try string(type, length, &buffer) }
        guard let line = try line(&buffer) else { return .needsMore }
        guard let type = line.first else { throw .malformedLine }
        let rest = line.dropFirst()
        elements += 1
        guard elements <= limits.elements else { throw .tooManyElements }
        switch type {
        case UInt8(ascii: "+"), UInt8(ascii: "("): return .value(.string(ByteBuffer(bytes: rest)))
        case UInt8(ascii: "-"): return .value(.error(String(decoding: rest, as: UTF8.self)))
        case UInt8(ascii: ":"):
            guard let number = Self.number(rest) else { throw .malformedNumber }
            return .value(.integer(number))
        case UInt8(ascii: ","):
            guard let number = Double(String(decoding: rest, as: UTF8.self)) else { throw .malformedNumber }
            return .value(.double(number))
        case UInt8(ascii: "#"):
            guard rest.count == 1, let letter = rest.first, "tf".utf8.contains(letter) else { throw .malformedLine }
            return .value(.boolean(letter == UInt8(ascii: "t")))
        case UInt8(ascii: "_"):
            guard rest.isEmpty else { throw .malformedLine }
            return .value(.null)
        case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"): return try beginString(type, rest)
        case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: ">"), UInt8(ascii: "%"), UInt8(ascii: "|"):
            return try beginAggregate(type, rest)
        default: throw .unknownType(type)
        }
    }

    // MARK: Strings

    private mutating func beginString(_ type: UInt8, _ text: ByteBufferView) throws(RESPError) -> Step {
        guard let length = Self.number(text) else { throw .malformedLength }
        if length == -1, type == UInt8(ascii: "$") { return .value(.null) }
        guard length >= 0 else { throw .malformedLength }
        guard length <= limits.bytes - bytes else { throw .tooLong }
        pendingString = (type, Int(length))
        return .nothing
    }

    private mutating func string(
        _ type: UInt8, _ length: Int, _ buffer: inout ByteBuffer
    ) throws(RESPError) -> Step {
        guard buffer.readableBytes >= length + 2 else { return .needsMore }
        guard var content = buffer.readSlice(length: length), buffer.readInteger(as: UInt16.self) == 0x0D0A else {
            throw .malformedLine
        }
        pendingString = nil
        bytes += length
        if type == UInt8(ascii: "!") { return .value(.error(String(buffer: content))) }
        if type == UInt8(ascii: "=") {
            // `txt:` or `mkd:` in front.
            guard let format = content.readBytes(length: 4), format[3] == UInt8(ascii: ":") else {
                throw .malformedLine
            }
        }
        return .value(.string(content))
    }

    // MARK: Aggregates

    private mutating func beginAggregate(_ type: UInt8, _ text: ByteBufferView) throws(RESPError) -> Step {
        guard let length = Self.number(text) else { throw .malformedLength }
        if length == -1, type == UInt8(ascii: "*") { return .value(.null) }
        guard length >= 0 else { throw .malformedLength }
        guard length <= limits.elements - elements else { throw .tooManyElements }
        let isPairs = type == UInt8(ascii: "%") || type == UInt8(ascii: "|")
        let aggregate = Aggregate(type: type, missing: Int(length) * (isPairs ? 2 : 1))
        if aggregate.missing == 0 { return Self.value(aggregate).map { .value($0) } ?? .nothing }
        guard open.count < limits.depth else { throw .tooDeep }
        open.append(aggregate)
        return .nothing
    }

    /// Puts `value` where it belongs; returns it, or what it completes, when that is a whole answer.
    private mutating func place(_ value: RESPValue) -> RESPValue? {
        var value = value
        while let top = open.indices.last {
            open[top].elements.append(value)
            open[top].missing -= 1
            guard open[top].missing == 0 else { return nil }
            // An attribute says something about the value that follows it, which nobody asks about.
            guard let whole = Self.value(open.removeLast()) else { return nil }
            value = whole
        }
        return value
    }

    private static func value(_ aggregate: Aggregate) -> RESPValue? {
        switch aggregate.type {
        case UInt8(ascii: "%"): .map(aggregate.elements)
        case UInt8(ascii: ">"): .push(aggregate.elements)
        case UInt8(ascii: "|"): nil
        default: .array(aggregate.elements)
        }
    }

    // MARK: Lines

    /// The next line without its end.
    private mutating func line(_ buffer: inout ByteBuffer) throws(RESPError) -> ByteBufferView? {
        let view = buffer.readableBytesView
        guard let end = view.dropFirst(scanned).firstIndex(of: 0x0A) else {
            scanned = view.count
            guard scanned <= limits.line else { throw .tooLong }
            return nil
        }
        scanned = 0
        let length = end - view.startIndex
        guard length <= limits.line, length < limits.bytes - bytes else { throw .tooLong }
        guard length >= 1, view[end - 1] == 0x0D else { throw .malformedLine }
        bytes += length
        buffer.moveReaderIndex(forwardBy: length + 1)
        let line = view[view.startIndex..<(end - 1)]
        guard !line.contains(0x0D) else { throw .malformedLine }
        return line
    }

    /// A decimal number with an optional sign.
    private static func number(_ text: ByteBufferView) -> Int64? {
        var digits = text
        var isNegative = false
        if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            digits = digits.dropFirst()
        }
        guard !digits.isEmpty else { return nil }
        var result: Int64 = 0
        for byte in digits {
            guard (0x30...0x39).contains(byte) else { return nil }
            let (product, overflows) = result.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte - 0x30)
            let (sum, overflowsToo) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard !overflows, !overflowsToo else { return nil }
            result = sum
        }
        return result
    }
}
