/// `urlParse` and `urlJoin`.
enum URLFunctions {
    static let table: [String: TemplateFunction] = [
        "urlParse": TemplateFunction(.string) { call throws(Failure) in
            let parts = try parse(call.bytes(0))
            var entries: [[UInt8]: Value] = [:]
            for (name, value) in parts { entries[Array(name.utf8)] = .string(value) }
            return try call.budget.map(entries)
        },
        "urlJoin": TemplateFunction(.dictionary) { call throws(Failure) in try call.budget.string(try join(call.map(0)))
        },
    ]

    private static func parse(_ url: [UInt8]) throws(Failure) -> [String: [UInt8]] {
        func failed(_ reason: String) -> Failure {
            Failure("unable to parse url: parse \(GoQuoting.quoted(url)): \(reason)")
        }
        var parts: [String: [UInt8]] = [:]
        for name in ["scheme", "host", "hostname", "path", "query", "opaque", "fragment", "userinfo"] {
            parts[name] = []
        }
        guard !url.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw failed("net/url: invalid control character in URL")
        }
        var rest = url[...]
        if let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
            guard let fragment = URLText.unescaped(rest[(hash + 1)...]) else { throw failed("invalid URL escape") }
            parts["fragment"] = fragment
            rest = rest[..<hash]
        }
        if let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            if colon == rest.startIndex { throw failed("missing protocol scheme") }
            let scheme = rest[..<colon]
            let isScheme =
                scheme.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || "+-.".utf8.contains($0) }
                && scheme.first.map { ($0 | 0x20) &- 0x61 < 26 } == true
            if isScheme {
                parts["scheme"] = scheme.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
                rest = rest[(colon + 1)...]
            } else if !scheme.contains(UInt8(ascii: "/")), !scheme.contains(UInt8(ascii: "?")) {
                throw failed("first path segment in URL cannot contain colon")
            }
        }
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            parts["query"] = Array(rest[(mark + 1)...])
            rest = rest[..<mark]
        }
        if parts["scheme"]?.isEmpty == false, rest.first != UInt8(ascii: "/") {
            parts["opaque"] = Array(rest)
            return parts
        }
        if rest.starts(with: "//".utf8), !(parts["scheme"]?.isEmpty == true && rest.starts(with: "///".utf8)) {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            var authority = rest[..<end]
            rest = rest[end...]
            if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
                let pieces = authority[..<at].split(
                    separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
                var shown: [[UInt8]] = []
                for piece in pieces {
                    guard let plain = URLText.unescaped(piece) else { throw failed("net/url: invalid userinfo") }
                    shown.append(URLText.escaped(plain, in: .userinfo))
                }
                parts["userinfo"] = Array(shown.joined(separator: ":".utf8))
                authority = authority[(at + 1)...]
            }
            if let wrong = authority.first(where: { " \"<>\\^`{|}".utf8.contains($0) }) {
                throw failed("invalid character \(GoQuoting.quoted([wrong])) in host name")
            }
            parts["host"] = Array(authority)
            parts["hostname"] = hostname(authority)
            let port = authority.drop { $0 != UInt8(ascii: "]") }
            let behind = (port.isEmpty ? authority : port).lastIndex(of: UInt8(ascii: ":")).map {
                authority[($0 + 1)...]
            }
            if let behind, !behind.allSatisfy({ $0 &- 0x30 < 10 }) {
                throw failed("invalid port \(GoQuoting.quoted([UInt8(ascii: ":")] + behind)) after host")
            }
        }
        guard let path = URLText.unescaped(rest) else { throw failed("invalid URL escape") }
        parts["path"] = path
        return parts
    }

    private static func hostname(_ authority: ArraySlice<UInt8>) -> [UInt8] {
        if authority.first == UInt8(ascii: "["), let close = authority.firstIndex(of: UInt8(ascii: "]")) {
            return Array(authority[(authority.startIndex + 1)..<close])
        }
        return Array(authority[..<(authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex)])
    }

    private static func join(_ map: MapValue) throws(Failure) -> [UInt8] {
        func part(_ name: String) throws(Failure) -> [UInt8] {
            switch map.entries[Array(name.utf8)] {
            case .string(let bytes): return bytes
            case nil: return []
            case .some(let value):
                throw Failure("unable to parse \(name) key, must be of type string, but \(value.kindName) found")
            }
        }
        var out = try part("scheme")
        if !out.isEmpty { out.append(UInt8(ascii: ":")) }
        let (opaque, host, path, userinfo) = (
            try part("opaque"), try part("host"), try part("path"), try part("userinfo")
        )
        let hasScheme = !out.isEmpty
        if opaque.isEmpty {
            if hasScheme || !host.isEmpty || !userinfo.isEmpty, !host.isEmpty || !path.isEmpty || !userinfo.isEmpty {
                if !host.isEmpty || !userinfo.isEmpty || path.first == UInt8(ascii: "/") { out += "//".utf8 }
                if !userinfo.isEmpty { out += userinfo + [UInt8(ascii: "@")] }
                out += host
            }
            let escaped = URLText.escaped(path, in: .path)
            if !escaped.isEmpty, escaped.first != UInt8(ascii: "/"), !host.isEmpty { out.append(UInt8(ascii: "/")) }
            if out.isEmpty, escaped.prefix(while: { $0 != UInt8(ascii: "/") }).contains(UInt8(ascii: ":")) {
                out += "./".utf8
            }
            out += escaped
        } else {
            out += opaque
        }
        let (query, fragment) = (try part("query"), try part("fragment"))
        if !query.isEmpty { out += [UInt8(ascii: "?")] + query }
        if !fragment.isEmpty { out += [UInt8(ascii: "#")] + URLText.escaped(fragment, in: .fragment) }
        return out
    }
}
