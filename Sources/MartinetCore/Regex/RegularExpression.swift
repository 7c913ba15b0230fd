import CRE2

/// A compiled regular expression in Go's (RE2's) syntax, matched in time linear in the subject.
///
/// The engine is RE2 because backtracking engines take exponential time on patterns such as `(a+)+$`, and both
/// patterns and subjects may come from people who are not trusted. Immutable, and safe to use from every event loop
/// at once.
package final class RegularExpression: Sendable {
    /// Where a match and its groups lie in the subject, in bytes; the whole match is group 0.
    package struct Match: Sendable, Equatable {
        /// One range for each group; nil for a group that took no part.
        package let groups: [Range<Int>?]

        /// The whole match.
        package var range: Range<Int> { (groups.first ?? nil) ?? 0..<0 }
    }

    /// Bytes a single pattern may take for its program and its cached automaton. When the automaton grows past it RE2
    /// goes on with a slower, still linear, search.
    package static let memoryLimit = 4 * 1024 * 1024

    /// The pattern as configured.
    package let pattern: String
    /// Number of capture groups, the whole match not counted.
    package let groupCount: Int

    // RE2 objects are immutable to their users and guard their caches themselves.
    private nonisolated(unsafe) let handle: OpaquePointer

    /// Compiles `pattern`.
    ///
    /// - Parameter caseSensitive: whether letters match only their own case; true by default.
    package init(_ pattern: String, caseSensitive: Bool = true) throws(RegularExpressionError) {
        let text = Self.spellGroupNames(Array(pattern.utf8))
        let compiled = text.withUnsafeBytes { bytes in
            cre2_compile(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                bytes.count,
                caseSensitive,
                Self.memoryLimit
            )
        }
        guard let compiled else { throw RegularExpressionError(pattern: pattern, reason: "out of memory") }
        if let reason = cre2_error(compiled) {
            let words = String(cString: reason)
            cre2_free(compiled)
            throw RegularExpressionError(pattern: pattern, reason: words)
        }
        self.pattern = pattern
        self.handle = compiled
        self.groupCount = Int(cre2_group_count(compiled))
    }

    deinit { cre2_free(handle) }

    // MARK: Matching

    /// Whether the pattern matches anywhere in `subject`. Allocates nothing, unless the subject is no UTF-8.
    package func matches(_ subject: UnsafeRawBufferPointer) -> Bool {
        if let repaired = RepairedText(subject) { return repaired.bytes.withUnsafeBytes { search($0) } }
        return search(subject)
    }

    private func search(_ subject: UnsafeRawBufferPointer) -> Bool {
        Self.withCharacters(subject) { cre2_match(handle, $0, subject.count, 0, false, nil, 0) }
    }

    /// Whether the pattern matches anywhere in `text`.
    package func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matches(UnsafeRawBufferPointer($0)) }
    }

    /// Where the leftmost match lies. Allocates nothing, unless the subject is no UTF-8.
    package func firstRange(in subject: UnsafeRawBufferPointer) -> Range<Int>? {
        if RepairedText(subject) != nil { return firstMatch(in: subject)?.range }
        return withFirstMatch(in: subject, from: 0) { $0[0].offset..<($0[0].offset + $0[0].length) }
    }

    /// The leftmost match at or after byte `start`; text before it still counts for `^` and `\b`.
    package func firstMatch(in subject: UnsafeRawBufferPointer, from start: Int = 0) -> Match? {
        guard start >= 0, start <= subject.count else { return nil }
        guard let repaired = RepairedText(subject) else {
            return withFirstMatch(in: subject, from: start) { Self.match($0) { $0 } }
        }
        return repaired.bytes.withUnsafeBytes { bytes in
            withFirstMatch(in: bytes, from: repaired.offset(ofOrigin: start)) { found in
                Self.match(found) { repaired.origins[$0] }
            }
        }
    }

    private static func match(_ groups: UnsafeBufferPointer<cre2_group>, at origin: (Int) -> Int) -> Match {
        Match(groups: groups.map { $0.offset < 0 ? nil : origin($0.offset)..<origin($0.offset + $0.length) })
    }

    /// The number of the group called `name`, or nil.
    package func groupNumber(named name: String) -> Int? {
        var name = name
        let number = name.withUTF8 { bytes in
            Self.withCharacters(UnsafeRawBufferPointer(bytes)) { cre2_group_index(handle, $0, bytes.count) }
        }
        return number < 0 ? nil : Int(number)
    }

    /// Lends the groups of the leftmost match without making an array of them. `subject` is UTF-8.
    func withFirstMatch<Result>(
        in subject: UnsafeRawBufferPointer,
        from start: Int,
        _ body: (UnsafeBufferPointer<cre2_group>) -> Result
    ) -> Result? {
        guard start >= 0, start <= subject.count else { return nil }
        let count = groupCount + 1
        return withUnsafeTemporaryAllocation(of: cre2_group.self, capacity: count) { groups -> Result? in
            groups.initialize(repeating: cre2_group(offset: -1, length: 0))
            let found = Self.withCharacters(subject) {
                cre2_match(
                    handle,
                    $0,
                    subject.count,
                    start,
                    false,
                    groups.baseAddress,
                    Int32(truncatingIfNeeded: count)
                )
            }
            return found ? body(UnsafeBufferPointer(groups)) : nil
        }
    }

    /// RE2 tells an absent group by a null pointer, so that an empty subject must have an address all the same.
    private static func withCharacters<Result>(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (UnsafePointer<CChar>) -> Result
    ) -> Result {
        if let base = bytes.baseAddress { return body(base.assumingMemoryBound(to: CChar.self)) }
        return withUnsafePointer(to: CChar(0), body)
    }

    /// Writes `(?<name>` as `(?P<name>`: Go reads both, the RE2 of older distributions only the second.
    private static func spellGroupNames(_ pattern: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(pattern.count)
        var inClass = false
        var index = 0
        while index < pattern.count {
            let byte = pattern[index]
            if byte == UInt8(ascii: "\\"), index + 1 < pattern.count {
                let end = pattern[index + 1] == UInt8(ascii: "Q") ? endOfQuotation(pattern, from: index + 2) : index + 2
                out.append(contentsOf: pattern[index..<end])
                index = end
                continue
            }
            out.append(byte)
            index += 1
            if inClass {
                inClass = byte != UInt8(ascii: "]")
            } else if byte == UInt8(ascii: "[") {
                inClass = true
                // A bracket that opens the list stands for itself.
                if index < pattern.count, pattern[index] == UInt8(ascii: "^") {
                    out.append(pattern[index])
                    index += 1
                }
                if index < pattern.count, pattern[index] == UInt8(ascii: "]") {
                    out.append(pattern[index])
                    index += 1
                }
            } else if byte == UInt8(ascii: "("), pattern[index...].starts(with: "?<".utf8), index + 2 < pattern.count,
                pattern[index + 2] != UInt8(ascii: "="), pattern[index + 2] != UInt8(ascii: "!")
            {
                out.append(contentsOf: "?P<".utf8)
                index += 2
            }
        }
        return out
    }

    /// The index after the `\E` that ends a `\Q` quotation, or the end of the pattern.
    private static func endOfQuotation(_ pattern: [UInt8], from start: Int) -> Int {
        var index = start
        while index + 1 < pattern.count {
            if pattern[index] == UInt8(ascii: "\\"), pattern[index + 1] == UInt8(ascii: "E") { return index + 2 }
            index += 1
        }
        return pattern.count
    }
}
