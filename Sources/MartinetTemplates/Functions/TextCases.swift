/// Upper and lower case, and names in the styles of programs.
enum TextCases {
    static let table: [String: TemplateFunction] = [
        "upper": mapping { $0.map(UTF8Text.upper) },
        "lower": mapping { $0.map(UTF8Text.lower) },
        "title": mapping { scalars in
            var previous: UInt32 = 0x20
            return scalars.map { scalar in
                defer { previous = scalar }
                return isSeparator(previous) ? UTF8Text.title(scalar) : scalar
            }
        },
        "untitle": mapping { scalars in
            var begins = true
            return scalars.map { scalar in
                if UTF8Text.isSpace(scalar) {
                    begins = true
                    return scalar
                }
                defer { begins = false }
                return begins ? UTF8Text.lower(scalar) : scalar
            }
        },
        "swapcase": mapping { scalars in
            var afterSpace = true
            return scalars.map { scalar in
                if UTF8Text.isUpper(scalar) {
                    afterSpace = false
                    return UTF8Text.lower(scalar)
                }
                if UTF8Text.isLower(scalar) {
                    afterSpace = false
                    return UTF8Text.upper(scalar)
                }
                afterSpace = UTF8Text.isSpace(scalar)
                return scalar
            }
        },
        "nospace": mapping { $0.filter { !UTF8Text.isSpace($0) } },
        "initials": mapping { scalars in
            scalars.split { UTF8Text.isSpace($0) }.compactMap(\.first)
        },
        "camelcase": mapping(camelCase),
        "snakecase": mapping { CaseWords.joined($0, by: UInt32(UInt8(ascii: "_"))) },
        "kebabcase": mapping { CaseWords.joined($0, by: UInt32(UInt8(ascii: "-"))) },
    ]

    private static func mapping(_ change: @escaping @Sendable ([UInt32]) -> [UInt32]) -> TemplateFunction {
        TemplateFunction(.string) { call throws(Failure) in
            try call.budget.string(UTF8Text.bytes(of: change(UTF8Text.scalars(of: call.bytes(0)))))
        }
    }

    /// Go's notion of what separates words for `title`.
    private static func isSeparator(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return !(UTF8Text.isLetter(scalar) || UTF8Text.isDigit(scalar) || scalar == 0x5F) }
        if UTF8Text.isLetter(scalar) || UTF8Text.isDigit(scalar) { return false }
        return UTF8Text.isSpace(scalar)
    }

    /// `some_words` to `someWords`. Connectors at the beginning stay, and all but one of several between words; a word in capitals
    /// alone is taken for one in small letters.
    private static func camelCase(_ scalars: [UInt32]) -> [UInt32] {
        var out = Array(scalars.prefix { CaseWords.isConnector($0) })
        let rest = scalars.dropFirst(out.count)
        guard let first = rest.first else { return out }
        var isInCapitals = UTF8Text.isUpper(first)
        var current = UTF8Text.lower(first)
        for next in rest.dropFirst() {
            let previous = current
            current = next
            switch (CaseWords.isConnector(previous), CaseWords.isConnector(next)) {
            case (true, true): out.append(previous)
            case (true, false):
                isInCapitals = UTF8Text.isUpper(next)
                current = UTF8Text.upper(next)
            case (false, _):
                if isInCapitals, UTF8Text.isUpper(next) { current = UTF8Text.lower(next) } else { isInCapitals = false }
                out.append(previous)
            }
        }
        out.append(isInCapitals && rest.count > 1 ? UTF8Text.lower(current) : current)
        return out
    }
}
