/// `wrap` and `wrapWith`.
enum Wrapping {
    static let table: [String: TemplateFunction] = [
        "wrap": TemplateFunction(.int, .string) { call throws(Failure) in
            try call.budget.string(wrapped(call.bytes(1), call.int(0), [0x0A], breaksWords: false))
        },
        "wrapWith": TemplateFunction(.int, .string, .string) { call throws(Failure) in
            let separator = call.bytes(1)
            try call.budget.allocate(call.bytes(2).count * (separator.count + 1))
            return .string(
                wrapped(call.bytes(2), call.int(0), separator.isEmpty ? [0x0A] : separator, breaksWords: true))
        },
    ]

    /// Lines of at most `width` bytes, broken at blanks; longer words are broken too, or stay.
    private static func wrapped(_ text: [UInt8], _ width: Int, _ separator: [UInt8], breaksWords: Bool) -> [UInt8] {
        let width = max(1, width)
        var out: [UInt8] = []
        var start = 0
        while text.count - start > width {
            if text[start] == 0x20 {
                start += 1
                continue
            }
            if let blank = text[start...(start + width)].lastIndex(of: 0x20) {
                out += text[start..<blank] + separator
                start = blank + 1
            } else if breaksWords {
                out += text[start..<(start + width)] + separator
                start += width
            } else if let blank = text[(start + width)...].firstIndex(of: 0x20) {
                out += text[start..<blank] + separator
                start = blank + 1
            } else {
                out += text[start...]
                start = text.count
            }
        }
        return out + text[start...]
    }
}
