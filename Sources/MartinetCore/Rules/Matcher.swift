import MartinetHTTP

/// One condition on a request; the leaves of a ``Rule``.
package enum Matcher: Sendable {
    case host(HostPattern)
    /// Searched in the host in lower case.
    case hostRegexp(RegularExpression)
    /// Compared byte for byte: methods are case-sensitive.
    case method([UInt8])
    case path([UInt8])
    /// A prefix in characters, not in segments: `/foo` holds `/foobar`.
    case pathPrefix([UInt8])
    case pathRegexp(RegularExpression)
    case header(HeaderCondition)
    case query(QueryCondition)
    /// The address of the TCP peer, never one out of `X-Forwarded-For`.
    case clientIP(IPRange)
    /// What no request fulfils.
    case never
}

/// What a header value or a query value must be.
package enum ValueCondition: Sendable {
    case anything
    case equal([UInt8])
    case matching(RegularExpression)

    func holds(for value: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .anything: true
        case .equal(let bytes): value.equals(bytes)
        case .matching(let expression): expression.matches(value)
        }
    }

    var isRegexp: Bool {
        if case .matching = self { return true }
        return false
    }
}

/// Some line of a header fulfils a condition. Names compare without regard to letter case.
package struct HeaderCondition: Sendable {
    let name: [UInt8]
    let id: HeaderID
    let value: ValueCondition

    init(name: String, value: ValueCondition) {
        self.name = Array(name.utf8)
        self.id = self.name.withUnsafeBytes { HeaderID.lookup($0) }
        self.value = value
    }

    func holds(for headers: borrowing HeaderBlock) -> Bool {
        guard id == .other || headers.contains(id) else { return false }
        for index in 0..<headers.count {
            let entry = headers.entries[index]
            guard entry.id == id else { continue }
            if id == .other, !name.withUnsafeBytes({ headers.nameEquals(at: index, $0) }) { continue }
            if headers.withBytes(entry.value, { value.holds(for: $0) }) { return true }
        }
        return false
    }
}

/// Some value of a query parameter fulfils a condition.
package struct QueryCondition: Sendable {
    let key: [UInt8]
    let value: ValueCondition
    /// Whether only the first value counts, as in the v2 syntax.
    let firstOnly: Bool

    /// `query` is the raw query, without its `?`.
    func holds(for query: UnsafeRawBufferPointer) -> Bool {
        key.withUnsafeBytes { key in
            QueryString.contains(query, key: key, firstOnly: firstOnly) { raw in
                switch value {
                case .anything: true
                case .equal(let bytes): bytes.withUnsafeBytes { QueryString.equal(raw, $0) }
                case .matching(let expression): QueryString.withDecoded(raw) { expression.matches($0) }
                }
            }
        }
    }
}
