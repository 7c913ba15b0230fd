package import MartinetHTTP

/// What a rule looks at besides the request head. Lives for the duration of a match only.
package struct RuleSubject {
    /// In lower case, without port, brackets and trailing dot; empty when the request names none.
    package let host: UnsafeRawBufferPointer
    /// The routing path: escapes decoded save those of reserved characters.
    package let path: UnsafeRawBufferPointer
    /// The TCP peer.
    package let peer: IPAddress

    package init(host: UnsafeRawBufferPointer, path: UnsafeRawBufferPointer, peer: IPAddress) {
        self.host = host
        self.path = path
        self.peer = peer
    }
}

extension Rule {
    /// Whether the request fulfils the rule. Allocates nothing.
    package func matches(_ head: borrowing RequestHead, _ subject: borrowing RuleSubject) -> Bool {
        switch self {
        case .matcher(let matcher, let negated):
            return matcher.matches(head, subject) != negated
        case .all(let parts):
            for part in parts where !part.matches(head, subject) { return false }
            return true
        case .any(let parts):
            for part in parts where part.matches(head, subject) { return true }
            return false
        }
    }

    /// How much evaluating costs, in rough steps; the cheap parts of a conjunction are asked first.
    var cost: Int {
        switch self {
        case .matcher(let matcher, _): matcher.cost
        case .all(let parts), .any(let parts): parts.reduce(1) { $0 &+ $1.cost }
        }
    }

    /// The same rule with the parts of every conjunction and disjunction ordered by cost. The order has no effect on
    /// the outcome, since conditions have no side effects.
    var cheapestFirst: Rule {
        switch self {
        case .matcher: self
        case .all(let parts): .all(Self.sorted(parts))
        case .any(let parts): .any(Self.sorted(parts))
        }
    }

    static func sorted(_ parts: [Rule]) -> [Rule] {
        guard parts.count > 1 else { return parts.map(\.cheapestFirst) }
        return parts.map { ($0.cheapestFirst, $0.cost) }.sorted { $0.1 < $1.1 }.map(\.0)
    }
}

extension Matcher {
    func matches(_ head: borrowing RequestHead, _ subject: borrowing RuleSubject) -> Bool {
        switch self {
        case .host(let pattern): pattern.matches(subject.host)
        case .hostRegexp(let expression): expression.matches(subject.host)
        case .method(let method): head.headers.withBytes(head.methodBytes) { $0.equals(method) }
        case .path(let path): subject.path.equals(path)
        case .pathPrefix(let prefix): subject.path.begins(with: prefix)
        case .pathRegexp(let expression): expression.matches(subject.path)
        case .header(let condition): condition.holds(for: head.headers)
        case .query(let condition): head.hasQuery && head.headers.withBytes(head.query) { condition.holds(for: $0) }
        case .clientIP(let range): range.contains(subject.peer)
        case .never: false
        }
    }

    var cost: Int {
        switch self {
        case .never, .clientIP: 1
        case .host, .method, .path, .pathPrefix: 2
        case .header(let condition): condition.value.isRegexp ? 200 : 10
        case .query(let condition): condition.value.isRegexp ? 200 : 20
        case .hostRegexp, .pathRegexp: 100
        }
    }
}
