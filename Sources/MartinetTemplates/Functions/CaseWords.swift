/// Cuts names such as `HTTPServer2xx` into words, as the library does that sprig takes `snakecase` and `kebabcase` from.
enum CaseWords {
    private enum Kind { case none, number, upper, letters, connector, punctuation, other }

    static func isConnector(_ scalar: UInt32) -> Bool {
        scalar == UInt32(UInt8(ascii: "-")) || scalar == UInt32(UInt8(ascii: "_")) || UTF8Text.isSpace(scalar)
    }

    /// The words in lower case, with `connector` between them.
    static func joined(_ scalars: [UInt32], by connector: UInt32) -> [UInt32] {
        guard !scalars.isEmpty else { return [] }
        var out: [UInt32] = []
        var rest = scalars[...]
        func write(_ kind: Kind, _ word: ArraySlice<UInt32>) {
            guard kind == .upper || kind == .connector else { return out.append(contentsOf: word) }
            for scalar in word { out.append(isConnector(scalar) ? connector : UTF8Text.lower(scalar)) }
        }
        func connects(_ kind: Kind) -> Bool { kind != .none && kind != .connector && kind != .punctuation }
        var (kind, word) = take(&rest)
        while !rest.isEmpty {
            if kind != .connector { write(kind, word) }
            let (previous, last) = (kind, word)
            (kind, word) = take(&rest)
            switch previous {
            case .number:
                while kind == .letters || kind == .number {
                    write(kind, word)
                    (kind, word) = take(&rest)
                }
                if connects(kind) { out.append(connector) }
            case .connector: write(.connector, last)
            case .punctuation: break
            case .none, .upper, .letters, .other:
                if kind != .number {
                    if kind != .connector, kind != .punctuation { out.append(connector) }
                    break
                }
                if rest.isEmpty { break }
                let number = word
                (kind, word) = take(&rest)
                // A number belongs to the word before it, unless letters follow.
                if kind != .letters {
                    write(.number, number)
                    if kind != .connector, kind != .punctuation { out.append(connector) }
                    break
                }
                out.append(connector)
                write(.number, number)
                while kind == .letters || kind == .number {
                    write(kind, word)
                    (kind, word) = take(&rest)
                }
                if connects(kind) { out.append(connector) }
            }
        }
        write(kind, word)
        return out
    }

    private static func take(_ rest: inout ArraySlice<UInt32>) -> (Kind, ArraySlice<UInt32>) {
        guard let first = rest.first else { return (.none, []) }
        var end: Int
        let kind: Kind
        func run(_ start: Int, _ fits: (UInt32) -> Bool) -> Int {
            var index = start
            while index < rest.endIndex, fits(rest[index]) { index += 1 }
            return index
        }
        let second = rest.startIndex + 1
        if isConnector(first) {
            kind = .connector
            end = run(second, isConnector)
        } else if isPunctuation(first) {
            kind = .punctuation
            end = run(second, isPunctuation)
        } else if UTF8Text.isUpper(first) {
            kind = .upper
            end = run(second, UTF8Text.isUpper)
            if end > second {
                // `HTTPStatus` is `HTTP` and `Status`.
                if end < rest.endIndex, isAlphabetic(rest[end]) { end -= 1 }
            } else {
                end = run(second) { isAlphabetic($0) && !UTF8Text.isUpper($0) }
            }
        } else if isAlphabetic(first) {
            kind = .letters
            end = run(second) { isAlphabetic($0) && !UTF8Text.isUpper($0) }
        } else if UTF8Text.isNumber(first) {
            kind = .number
            end = run(second, UTF8Text.isNumber)
        } else {
            kind = .other
            end = run(second) { !isConnector($0) && !isAlphabetic($0) && !UTF8Text.isNumber($0) && !isPunctuation($0) }
        }
        let word = rest[rest.startIndex..<end]
        rest = rest[end...]
        return (kind, word)
    }

    /// Letters of scripts that have cases and words.
    private static func isAlphabetic(_ scalar: UInt32) -> Bool {
        guard UTF8Text.isLetter(scalar) else { return false }
        switch scalar {
        case 0x3034..<0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3: return false
        default: return true
        }
    }

    private static func isPunctuation(_ scalar: UInt32) -> Bool {
        switch Unicode.Scalar(scalar)?.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }
}
