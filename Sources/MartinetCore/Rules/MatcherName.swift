/// The functions of the rule language for HTTP.
enum MatcherName: String, CaseIterable {
    case clientIP = "ClientIP"
    case header = "Header"
    case headerRegexp = "HeaderRegexp"
    case headers = "Headers"
    case headersRegexp = "HeadersRegexp"
    case host = "Host"
    case hostHeader = "HostHeader"
    case hostRegexp = "HostRegexp"
    case method = "Method"
    case path = "Path"
    case pathPrefix = "PathPrefix"
    case pathRegexp = "PathRegexp"
    case query = "Query"
    case queryRegexp = "QueryRegexp"

    /// How many arguments it takes in `syntax`; nil when that syntax does not have it.
    func arity(in syntax: RuleSyntax) -> ClosedRange<Int>? {
        switch (syntax, self) {
        case (.v3, .headers), (.v3, .headersRegexp), (.v3, .hostHeader): nil
        case (.v3, .header), (.v3, .headerRegexp): 2...2
        case (.v3, .query), (.v3, .queryRegexp): 1...2
        case (.v3, _): 1...1
        case (.v2, .header), (.v2, .headerRegexp), (.v2, .pathRegexp), (.v2, .queryRegexp): nil
        case (.v2, .headers), (.v2, .headersRegexp): 2...2
        case (.v2, _): 1...Int.max
        }
    }

    /// The function that does the same in the other syntax.
    private var counterpart: MatcherName? {
        switch self {
        case .headers: .header
        case .headersRegexp: .headerRegexp
        case .hostHeader: .host
        case .header: .headers
        case .headerRegexp: .headersRegexp
        case .pathRegexp: .path
        default: nil
        }
    }

    /// The function called `name`, spelt exactly, all lower, all upper, or with its first letter only in upper case.
    static func named(_ name: String, in syntax: RuleSyntax) -> MatcherName? {
        allCases.first { candidate in
            guard candidate.arity(in: syntax) != nil else { return false }
            let exact = candidate.rawValue
            if name == exact { return true }
            let lower = exact.lowercased()
            return name == lower || name == exact.uppercased()
                || name == exact.prefix(1).uppercased() + lower.dropFirst()
        }
    }

    /// What somebody who wrote `name` may have meant.
    static func remedy(for name: String, in syntax: RuleSyntax) -> String? {
        let lower = name.lowercased()
        if lower == "hostsni" || lower == "hostsniregexp" || lower == "alpn" {
            return "\(name) is for TCP routers; HTTP routers have Host and HostRegexp"
        }
        if let other = allCases.first(where: { $0.rawValue.lowercased() == lower }), other.arity(in: syntax) == nil {
            let elsewhere = "\(other.rawValue) belongs to the \(syntax == .v3 ? "v2" : "v3") syntax"
            return other.counterpart.map { "\(elsewhere); in \(syntax.rawValue) write \($0.rawValue)" } ?? elsewhere
        }
        let known = allCases.filter { $0.arity(in: syntax) != nil }
        let nearest = known.map { (name: $0.rawValue, distance: distance(lower, $0.rawValue.lowercased())) }
            .min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= max(2, nearest.name.count / 3) else {
            return "known matchers are " + known.map(\.rawValue).joined(separator: ", ")
        }
        return "did you mean \(nearest.name)?"
    }

    /// Edits (one letter added, dropped or changed) that lead from one word to the other.
    private static func distance(_ a: String, _ b: String) -> Int {
        // Names in rules may be any length; long ones are near to nothing.
        guard a.utf8.count <= 32 else { return Int.max }
        let b = Array(b.utf8)
        var row = Array(0...b.count)
        for (i, letter) in a.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in 0..<b.count {
                let change = diagonal + (letter == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(change, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
