/// What `semverCompare` compares with: `>=1.2 <2 || ^3.1`.
struct VersionConstraint {
    /// One comparison.
    private struct Term {
        var comparison: String
        var version: SemanticVersion
        /// From which part on it is open: 0 for `*`, 1 for `1`, 2 for `1.2`, 3 for a whole version.
        var given: Int

        func isFulfilled(by other: SemanticVersion) -> Bool {
            let order = other.compared(to: version)
            let isOpen = given < 3
            switch comparison {
            case "!=":
                guard isOpen else { return order != 0 }
                if other.major != version.major { return true }
                guard given == 2 else {
                    return given == 0 ? other.minor != version.minor || other.patch != version.patch : false
                }
                if other.minor != version.minor { return true }
                return SemanticVersion.compared(other.prerelease, version.prerelease) != 0
            case ">":
                guard isOpen, given > 0 else { return order > 0 }
                if other.major != version.major { return other.major > version.major }
                return given == 2 && other.minor > version.minor
            case "<": return order < 0
            case ">=", "=>": return order >= 0
            case "<=", "=<":
                guard isOpen else { return order <= 0 }
                if other.major != version.major { return other.major < version.major }
                return given == 1 || other.minor <= version.minor
            case "^": return order >= 0 && isInCaret(other)
            case "", "=": return isOpen ? order >= 0 && isInTilde(other) : order == 0
            default: return order >= 0 && isInTilde(other)
            }
        }

        private func isInTilde(_ other: SemanticVersion) -> Bool {
            if version.major == 0, version.minor == 0, version.patch == 0, given == 0 || given == 3 { return true }
            return other.major == version.major && (given == 1 || other.minor == version.minor)
        }

        private func isInCaret(_ other: SemanticVersion) -> Bool {
            if version.major > 0 || given == 1 { return other.major == version.major }
            if other.major > 0 { return false }
            if version.minor > 0 || given == 2 { return other.minor == version.minor }
            return other.minor == 0 && other.patch == version.patch
        }
    }

    /// One of them must be fulfilled as a whole.
    private var alternatives: [[Term]] = []

    init(_ text: String) throws(Failure) {
        let ranges = Self.rewrittenRanges(text)
        for alternative in ranges.split(separator: "||", omittingEmptySubsequences: false) {
            alternatives.append(try Self.terms(String(alternative)))
        }
    }

    func isFulfilled(by version: SemanticVersion) -> Bool {
        alternatives.contains { terms in
            // Betas count only where one is asked for.
            if !version.prerelease.isEmpty, !terms.contains(where: { !$0.version.prerelease.isEmpty }) { return false }
            return terms.allSatisfy { $0.isFulfilled(by: version) }
        }
    }

    private static func terms(_ text: String) throws(Failure) -> [Term] {
        let improper = Failure(
            "improper constraint: \(text)", remedy: "constraints are like >=1.2, <2 or ^3.1 || ~4.0.2")
        var terms: [Term] = []
        var rest = text.drop { $0.isWhitespace }
        if rest.isEmpty { throw improper }
        while !rest.isEmpty {
            let comparison = rest.prefix { "=!<>~^".contains($0) }
            guard ["", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^"].contains(comparison) else {
                throw improper
            }
            rest = rest.dropFirst(comparison.count).drop { $0.isWhitespace }
            let version = rest.prefix { !$0.isWhitespace && $0 != "," }
            guard !version.isEmpty else { throw improper }
            terms.append(try term(String(comparison), String(version)))
            rest = rest.dropFirst(version.count).drop { $0.isWhitespace }
            if rest.hasPrefix(",") {
                rest = rest.dropFirst().drop { $0.isWhitespace }
                if rest.isEmpty { throw improper }
            }
        }
        return terms
    }

    private static func term(_ comparison: String, _ text: String) throws(Failure) -> Term {
        let improper = Failure("improper constraint: \(comparison)\(text)")
        let end = text.firstIndex { $0 == "-" || $0 == "+" } ?? text.endIndex
        var numbers = text[..<end]
        if numbers.hasPrefix("v") { numbers = numbers.dropFirst() }
        let parts = numbers.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count) else { throw improper }
        let given = parts.firstIndex { ["x", "X", "*"].contains($0) } ?? parts.count
        let known = parts.prefix(given) + Array(repeating: "0", count: 3 - given)
        do throws(Failure) {
            let suffix = text[end...].prefix { $0 != "+" }
            let version = try SemanticVersion(known.joined(separator: ".") + suffix)
            return Term(comparison: comparison, version: version, given: given)
        } catch {
            throw improper
        }
    }

    /// `1.2 - 3.4` means `>=1.2 <=3.4`.
    private static func rewrittenRanges(_ text: String) -> String {
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        var out: [Substring] = []
        var index = 0
        while index < words.count {
            if index + 2 < words.count, words[index + 1] == "-" {
                out.append(">=" + words[index])
                out.append("<=" + words[index + 2])
                index += 3
            } else {
                out.append(words[index])
                index += 1
            }
        }
        return out.joined(separator: " ")
    }
}
