import MartinetHTTP

/// Turns a syntax tree into a ``Rule``: knows the matchers and what each may be given.
struct RuleBuilder {
    typealias Argument = RuleCall.Argument

    let syntax: RuleSyntax

    func rule(_ expression: RuleExpression) throws(RuleError) -> Rule {
        switch expression {
        case .call(let call): return try rule(call)
        case .all(let parts): return .all(try rules(parts))
        case .any(let parts): return .any(try rules(parts))
        }
    }

    private func rules(_ parts: [RuleExpression]) throws(RuleError) -> [Rule] {
        var rules: [Rule] = []
        rules.reserveCapacity(parts.count)
        for part in parts { rules.append(try rule(part)) }
        return rules
    }

    private func rule(_ call: RuleCall) throws(RuleError) -> Rule {
        guard let name = MatcherName.named(call.name, in: syntax), let arity = name.arity(in: syntax) else {
            throw RuleError(
                column: call.column,
                reason: "unknown matcher `\(call.name)`",
                remedy: MatcherName.remedy(for: call.name, in: syntax)
            )
        }
        guard arity.contains(call.arguments.count) else { throw wrongArity(call, name, arity) }
        for argument in call.arguments where argument.text.isEmpty {
            throw RuleError(
                column: argument.column,
                reason: "empty argument of \(name.rawValue)",
                remedy: "name a value"
            )
        }
        let alternatives = try matchers(name, call.arguments)
        if alternatives.count == 1 { return .matcher(alternatives[0], negated: call.negated) }
        let leaves = alternatives.map { Rule.matcher($0, negated: call.negated) }
        // Query of v2 wants every pair, all others any argument; negation turns the one into the other.
        let wantsAll = name == .query
        return wantsAll != call.negated ? .all(leaves) : .any(leaves)
    }

    private func wrongArity(_ call: RuleCall, _ name: MatcherName, _ arity: ClosedRange<Int>) -> RuleError {
        let wanted =
            arity.upperBound == Int.max
            ? "at least \(arity.lowerBound)"
            : arity.count == 1 ? "\(arity.lowerBound)" : "\(arity.lowerBound) or \(arity.upperBound)"
        var remedy: String?
        if syntax == .v3, arity.upperBound == 1, call.arguments.count > 1 {
            remedy =
                "join several with `||`: "
                + call.arguments.prefix(2).map { "\(name.rawValue)(`\($0.text)`)" }.joined(separator: " || ")
        }
        return RuleError(
            column: call.column,
            reason: "\(name.rawValue) takes \(wanted) argument\(wanted == "1" || wanted == "at least 1" ? "" : "s"), "
                + "not \(call.arguments.count)",
            remedy: remedy
        )
    }

    /// The matchers of a call whose number of arguments has been checked; more than one in the v2 syntax only.
    private func matchers(_ name: MatcherName, _ arguments: [Argument]) throws(RuleError) -> [Matcher] {
        switch name {
        case .header, .headers:
            return [header(arguments[0], .equal(Array(arguments[1].text.utf8)))]
        case .headerRegexp, .headersRegexp:
            return [header(arguments[0], .matching(try expression(arguments[1])))]
        case .query where syntax == .v3, .queryRegexp:
            let key = Array(arguments[0].text.utf8)
            var value = ValueCondition.equal([])
            if arguments.count == 2 {
                value = name == .query ? .equal(Array(arguments[1].text.utf8)) : .matching(try expression(arguments[1]))
            }
            return [.query(QueryCondition(key: key, value: value, firstOnly: false))]
        default:
            var found: [Matcher] = []
            for argument in arguments { found.append(try matcher(name, argument)) }
            return found
        }
    }

    /// The matchers of one argument.
    private func matcher(_ name: MatcherName, _ argument: Argument) throws(RuleError) -> Matcher {
        switch name {
        case .host, .hostHeader: return .host(try hostPattern(argument))
        case .hostRegexp: return try hostRegexp(argument)
        case .method: return .method(argument.text.utf8.map { ASCII.upper($0) })
        case .path: return try path(argument, .path)
        case .pathPrefix: return try path(argument, .pathPrefix)
        case .pathRegexp: return .pathRegexp(try expression(argument))
        case .clientIP:
            // Go's resolver of CIDR texts does not trim; neither do we.
            guard let range = IPRange(argument.text) else {
                throw RuleError(column: argument.column, reason: IPRangeError(text: argument.text).description)
            }
            return .clientIP(range)
        case .query: return try queryPair(argument)
        case .header, .headers, .headerRegexp, .headersRegexp, .queryRegexp: return .never
        }
    }

    // MARK: Arguments

    private func hostPattern(_ argument: Argument) throws(RuleError) -> HostPattern {
        try requireASCII(argument)
        var name = argument.text.utf8.map { ASCII.lower($0) }
        if name == [UInt8(ascii: "*")], syntax == .v3 { return .any }
        if name.last == UInt8(ascii: ".") { name.removeLast() }
        guard !name.isEmpty else { throw RuleError(column: argument.column, reason: "empty host name") }
        if syntax == .v3, name.starts(with: "*.".utf8), name.count > 2 { return .wildcard(Array(name[2...])) }
        return .exact(name)
    }

    private func hostRegexp(_ argument: Argument) throws(RuleError) -> Matcher {
        try requireASCII(argument)
        guard syntax == .v2 else { return .hostRegexp(try expression(argument)) }
        if let pattern = try template(argument, in: .host) { return .hostRegexp(try expression(argument, pattern)) }
        return .host(.exact(argument.text.utf8.map { ASCII.lower($0) }))
    }

    private func path(_ argument: Argument, _ place: RouteTemplate.Place) throws(RuleError) -> Matcher {
        guard argument.text.utf8.first == UInt8(ascii: "/") else {
            throw RuleError(
                column: argument.column,
                reason: "path `\(argument.text)` does not start with `/`",
                remedy: "write `/\(argument.text)`"
            )
        }
        if syntax == .v2, let pattern = try template(argument, in: place) {
            return .pathRegexp(try expression(argument, pattern))
        }
        let bytes = Array(argument.text.utf8)
        return place == .path ? .path(bytes) : .pathPrefix(bytes)
    }

    /// `key=value` of the v2 syntax; the value may be a template, and an empty one stands for any.
    private func queryPair(_ argument: Argument) throws(RuleError) -> Matcher {
        let parts = argument.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw RuleError(
                column: argument.column,
                reason: "`\(argument.text)` is no pair",
                remedy: "write `key=value`"
            )
        }
        var value = parts[1].isEmpty ? ValueCondition.anything : .equal(Array(parts[1].utf8))
        let valueArgument = Argument(text: parts[1], column: argument.column)
        if let pattern = try template(valueArgument, in: .queryValue) {
            value = .matching(try expression(argument, pattern))
        }
        return .query(QueryCondition(key: Array(parts[0].utf8), value: value, firstOnly: true))
    }

    /// Go takes Host, Transfer-Encoding and Trailer out of the header before Traefik looks at it, so rules on them
    /// never match there; matching here would route the same request elsewhere.
    private func header(_ name: Argument, _ value: ValueCondition) -> Matcher {
        let condition = HeaderCondition(name: name.text, value: value)
        switch condition.id {
        case .host, .transferEncoding, .trailer: return .never
        default: return .header(condition)
        }
    }

    private func template(_ argument: Argument, in place: RouteTemplate.Place) throws(RuleError) -> String? {
        do {
            return try RouteTemplate.expression(argument.text, in: place)
        } catch {
            throw RuleError(
                column: argument.column,
                reason: "\(error.reason) in `\(argument.text)`",
                remedy: "variables are written {name} or {name:regex}"
            )
        }
    }

    private func expression(_ argument: Argument, _ pattern: String? = nil) throws(RuleError) -> RegularExpression {
        do {
            return try RegularExpression(pattern ?? argument.text)
        } catch {
            throw RuleError(
                column: argument.column,
                reason: "invalid regular expression `\(argument.text)`: \(error.reason)"
            )
        }
    }

    private func requireASCII(_ argument: Argument) throws(RuleError) {
        guard argument.text.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw RuleError(
                column: argument.column,
                reason: "host `\(argument.text)` has characters outside ASCII",
                remedy: "write it in punycode (xn--…)"
            )
        }
    }
}
