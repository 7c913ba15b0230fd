import MartinetHTTP

/// One way to fulfil a rule, cut into what a routing table can look up and the rest.
///
/// `(Host(a) || Host(b)) && PathPrefix(c) && Method(d)` has two: host `a` with prefix `c`, host `b` with prefix `c`,
/// each with the method left to be asked.
struct RuleAlternative: Sendable {
    /// What the path must be.
    enum PathRequirement: Sendable {
        case none
        case exact([UInt8])
        case prefix([UInt8])

        /// The path or prefix; empty when any path will do.
        var bytes: [UInt8] {
            switch self {
            case .none: []
            case .exact(let bytes), .prefix(let bytes): bytes
            }
        }

        var isExact: Bool {
            if case .exact = self { return true }
            return false
        }
    }

    let host: HostPattern
    let path: PathRequirement
    /// Further conditions, all of which must hold, the cheapest first.
    let rest: [Rule]

    /// Alternatives a rule may be cut into. Past it parts of the rule are left whole, which is right but slower to
    /// match.
    static let limit = 4096

    static func split(_ rule: Rule) -> [RuleAlternative] {
        conjunctions(rule).map(RuleAlternative.init)
    }

    /// Whether the conditions besides host and path hold.
    @inline(__always)
    func restMatches(_ head: borrowing RequestHead, _ subject: borrowing RuleSubject) -> Bool {
        for part in rest where !part.matches(head, subject) { return false }
        return true
    }

    private init(_ parts: [Rule]) {
        var host = HostPattern.any
        var path = PathRequirement.none
        var hostPart = -1
        var pathPart = -1
        for (index, part) in parts.enumerated() {
            guard case .matcher(let matcher, negated: false) = part else { continue }
            switch (matcher, host, path) {
            case (.host(let pattern), .any, _):
                host = pattern
                hostPart = index
            case (.host(.exact(let name)), .wildcard, _):
                host = .exact(name)
                hostPart = index
            case (.path(let bytes), _, .none), (.path(let bytes), _, .prefix):
                path = .exact(bytes)
                pathPart = index
            case (.pathPrefix(let bytes), _, .none):
                path = .prefix(bytes)
                pathPart = index
            case (.pathPrefix(let bytes), _, .prefix(let shorter)) where bytes.count > shorter.count:
                path = .prefix(bytes)
                pathPart = index
            default:
                break
            }
        }
        self.host = host
        self.path = path
        let rest = parts.indices.filter { $0 != hostPart && $0 != pathPart }.map { parts[$0] }
        self.rest = Rule.sorted(rest)
    }

    /// `rule` as a disjunction of conjunctions, as far as that helps look-up.
    private static func conjunctions(_ rule: Rule) -> [[Rule]] {
        switch rule {
        case .matcher:
            return [[rule]]
        case .any(let parts):
            var found: [[Rule]] = []
            for part in parts {
                found.append(contentsOf: conjunctions(part))
                if found.count > limit { return [[rule]] }
            }
            let worthwhile =
                found.allSatisfy { $0.contains(where: namesHost) } || found.allSatisfy { $0.contains(where: namesPath) }
            return worthwhile ? found : [[rule]]
        case .all(let parts):
            var found: [[Rule]] = [[]]
            for part in parts {
                let factors = conjunctions(part)
                // The second bound keeps long conjunctions from being copied thousands of times.
                let product = factors.count * found.count
                if product > limit || (factors.count > 1 && product * parts.count > 16 * limit) {
                    for index in found.indices { found[index].append(part) }
                } else if factors.count == 1 {
                    for index in found.indices { found[index].append(contentsOf: factors[0]) }
                } else {
                    found = found.flatMap { left in factors.map { left + $0 } }
                }
            }
            return found
        }
    }

    private static func namesHost(_ rule: Rule) -> Bool {
        switch rule {
        case .matcher(.host(.exact), negated: false), .matcher(.host(.wildcard), negated: false): true
        default: false
        }
    }

    private static func namesPath(_ rule: Rule) -> Bool {
        switch rule {
        case .matcher(.path, negated: false), .matcher(.pathPrefix, negated: false): true
        default: false
        }
    }
}
