package import MartinetHTTP

/// The cookie that keeps a client where its first request went: its values, and the lines that set them, made once.
package struct StickyCookie: Sendable {
    /// What a client's cookie says.
    package struct Choice: Sendable, Equatable {
        package let place: Int
        /// Whether it says so in a form of earlier versions, which the answer replaces.
        package let isOutdated: Bool

        package init(place: Int, isOutdated: Bool) {
            self.place = place
            self.isOutdated = isOutdated
        }
    }

    /// The cookie's values for one candidate.
    package struct Values: Sendable {
        package let current: String
        /// Understood, but no longer given.
        package let outdated: [String]

        package init(current: String, outdated: [String] = []) {
            self.current = current
            self.outdated = outdated
        }
    }

    package let name: String
    private let nameBytes: [UInt8]
    private var table = ByteTable()
    /// By the number of a value in `table`.
    private var choices: [Choice] = []
    /// What stands in `Set-Cookie`, by place.
    private let lines: [[UInt8]]

    /// - Parameters:
    ///   - attributes: what follows the value in `Set-Cookie`, such as `; Path=/`.
    ///   - values: by place; nil for candidates that no cookie leads to. Of equal values the first counts.
    package init(name: String, attributes: String, values: [Values?]) {
        self.name = name
        nameBytes = Array(name.utf8)
        lines = values.map { $0.map { Array("\(name)=\($0.current)\(attributes)".utf8) } ?? [] }
        for isOutdated in [false, true] {
            for (place, value) in values.enumerated() {
                guard let value else { continue }
                for text in isOutdated ? value.outdated : [value.current] {
                    let number = table.number(of: Array(text.utf8), in: 0)
                    if number == choices.count { choices.append(Choice(place: place, isOutdated: isOutdated)) }
                }
            }
        }
    }

    /// Sets the cookie that names the candidate at `place`, before whatever cookies the answer sets itself.
    package func set(_ place: Int, in headers: inout HeaderBlock) {
        lines[place].withUnsafeBytes { headers.prepend(.setCookie, $0) }
    }

    /// What the first cookie of that name with a valid value says; nil when there is none, or when it means nothing to us.
    package func choice(of headers: borrowing HeaderBlock) -> Choice? {
        guard headers.contains(.cookie) else { return nil }
        for index in 0..<headers.count where headers.entries[index].id == .cookie {
            switch headers.withBytes(headers.entries[index].value, { find(in: $0) }) {
            case .absent: continue
            case .unknown: return nil
            case .known(let choice): return choice
            }
        }
        return nil
    }

    private enum Finding {
        case absent, unknown
        case known(Choice)
    }

    /// Reads `a=1; b="2"` as Go does: blanks around a pair and behind its name do not count, quotes around a value neither, and a
    /// pair whose value has bytes that no cookie may have is passed over.
    private func find(in line: UnsafeRawBufferPointer) -> Finding {
        var start = 0
        while start < line.count {
            var end = start
            while end < line.count, line[end] != UInt8(ascii: ";") { end += 1 }
            if let value = value(line, start, end) {
                return look(up: value)
            }
            start = end + 1
        }
        return .absent
    }

    /// The value of the pair in `start..<end` if it bears our name.
    private func value(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> UnsafeRawBufferPointer? {
        var (start, end) = (start, end)
        while start < end, Self.isBlank(line[start]) { start += 1 }
        while start < end, Self.isBlank(line[end - 1]) { end -= 1 }
        guard end - start >= nameBytes.count else { return nil }
        for index in nameBytes.indices where line[start + index] != nameBytes[index] { return nil }
        start += nameBytes.count
        while start < end, Self.isBlank(line[start]) { start += 1 }
        // A name alone is a cookie with an empty value.
        if start < end {
            guard line[start] == UInt8(ascii: "=") else { return nil }
            start += 1
        }
        if end - start >= 2, line[start] == UInt8(ascii: "\""), line[end - 1] == UInt8(ascii: "\"") {
            start += 1
            end -= 1
        }
        let value = UnsafeRawBufferPointer(rebasing: line[start..<end])
        return value.allSatisfy(Self.isValueByte) ? value : nil
    }

    /// What Go takes in a value: RFC 6265 §4.1.1, blanks and commas besides.
    private static func isValueByte(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private func look(up value: UnsafeRawBufferPointer) -> Finding {
        // Longer than any value of ours: not worth hashing.
        guard value.count <= 4096 else { return .unknown }
        var hash = ByteTable.Hash()
        hash.add(value)
        guard let number = table.find(value, in: 0, hash: hash.value(in: 0)) else { return .unknown }
        return .known(choices[number])
    }
}
