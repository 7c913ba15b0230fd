/// sprig's conversions to numbers: what cannot be converted is 0.
enum Conversion {
    static func integer(_ value: Value) -> Int64 {
        switch value {
        case .integer(let number, _): return number
        case .double(let number): return truncated(number)
        case .bool(let truth): return truth ? 1 : 0
        case .string(let bytes): return integer(String(decoding: bytes, as: UTF8.self)) ?? 0
        case .none, .list, .map, .time, .version, .structure: return 0
        }
    }

    static func double(_ value: Value) -> Double {
        switch value {
        case .integer(let number, _): return Double(number)
        case .double(let number): return number
        case .bool(let truth): return truth ? 1 : 0
        case .string(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            if let number = Double(text) { return number.isInfinite && !text.lowercased().contains("inf") ? 0 : number }
            return (try? NumberLiteral(text)).map(\.double) ?? 0
        case .none, .list, .map, .time, .version, .structure: return 0
        }
    }

    /// As processors do it where Go leaves it open: what is too large becomes the smallest number.
    static func truncated(_ number: Double) -> Int64 { Int64(exactly: number.rounded(.towardZero)) ?? Int64.min }

    /// With Go's prefixes, so that `010` is 8; zeros behind a point do not matter.
    private static func integer(_ text: String) -> Int64? {
        var text = text
        if let point = text.firstIndex(of: "."), text[point...].dropFirst().allSatisfy({ $0 == "0" }),
            point < text.index(before: text.endIndex)
        {
            text = String(text[..<point])
        }
        guard let literal = try? NumberLiteral(text), literal.prefersInteger else { return nil }
        return literal.integer
    }
}
