/// The `{name:regex}` templates of the v2 syntax, turned into regular expressions as gorilla mux does.
///
/// Text outside braces is literal, `{name}` is one label or path segment, and the expression is anchored at both
/// ends, or at the start alone for a prefix.
enum RouteTemplate {
    /// Where a template stands: decides what `{name}` means and how it is anchored.
    enum Place {
        case host, path, pathPrefix, queryValue

        /// What a variable without an expression matches.
        var fallback: String {
            switch self {
            case .host: "[^.]+"
            case .path, .pathPrefix: "[^/]+"
            case .queryValue: ".*"
            }
        }
    }

    /// A template that cannot be read; `offset` counts bytes from its start.
    struct Malformed: Error {
        let offset: Int
        let reason: String
    }

    /// The regular expression `template` stands for; nil when it has no variables and is literal text.
    static func expression(_ template: String, in place: Place) throws(Malformed) -> String? {
        let bytes = Array(template.utf8)
        guard bytes.contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }) else { return nil }
        // Hosts arrive in lower case, expressions may not.
        var out = place == .host ? "(?i)^" : "^"
        var literalStart = 0
        var variableStart = 0
        var depth = 0
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "{") {
                if depth == 0 {
                    out += quote(bytes[literalStart..<index])
                    variableStart = index + 1
                }
                depth += 1
            } else if byte == UInt8(ascii: "}") {
                guard depth > 0 else { throw Malformed(offset: index, reason: "unbalanced braces") }
                depth -= 1
                if depth == 0 {
                    out += try group(bytes[variableStart..<index], offset: variableStart, fallback: place.fallback)
                    literalStart = index + 1
                }
            }
        }
        guard depth == 0 else { throw Malformed(offset: variableStart - 1, reason: "unbalanced braces") }
        out += quote(bytes[literalStart...])
        return place == .pathPrefix ? out : out + "$"
    }

    private static func group(_ variable: ArraySlice<UInt8>, offset: Int, fallback: String) throws(Malformed) -> String
    {
        guard let colon = variable.firstIndex(of: UInt8(ascii: ":")) else {
            guard !variable.isEmpty else { throw Malformed(offset: offset, reason: "missing variable name") }
            return "(\(fallback))"
        }
        guard colon > variable.startIndex, colon + 1 < variable.endIndex else {
            throw Malformed(offset: offset, reason: "missing variable name or expression")
        }
        return "(" + String(decoding: variable[(colon + 1)...], as: UTF8.self) + ")"
    }

    /// `text` with the characters that mean something to RE2 escaped.
    static func quote(_ text: some Sequence<UInt8>) -> String {
        var out: [UInt8] = []
        for byte in text {
            if "\\.+*?()|[]{}^$".utf8.contains(byte) { out.append(UInt8(ascii: "\\")) }
            out.append(byte)
        }
        return String(decoding: out, as: UTF8.self)
    }
}
