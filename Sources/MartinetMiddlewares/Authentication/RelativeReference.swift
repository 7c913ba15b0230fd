import MartinetHTTP

/// Locations that do not say where (RFC 3986 §5.2).
enum RelativeReference {
    /// `reference` as a whole URL, seen from `target` on `origin`. One that has a scheme stays as it is.
    static func resolve(_ reference: String, origin: String, target: String) -> String {
        guard !reference.isEmpty, !hasScheme(reference) else { return reference }
        if reference.hasPrefix("//") { return origin.prefix { $0 != "/" } + reference }
        let base = target.prefix { $0 != "?" }
        if reference.hasPrefix("?") { return origin + base + reference }
        if reference.hasPrefix("#") { return origin + target + reference }
        let end = reference.firstIndex { $0 == "?" || $0 == "#" } ?? reference.endIndex
        var path = String(reference[..<end])
        if !path.hasPrefix("/") { path = base[...(base.lastIndex(of: "/") ?? base.startIndex)] + path }
        // Cleaning drops empty segments, which are part of what the auth server asked for.
        if path.contains("/.") {
            path = String(decoding: PathNormalizer.removeDotSegments(Array(path.utf8)), as: UTF8.self)
        }
        return origin + path + reference[end...]
    }

    /// A letter, then letters, digits, `+`, `-`, `.` up to a colon.
    private static func hasScheme(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), let first = text.first, first.isASCII, first.isLetter else {
            return false
        }
        return text[..<colon].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    }
}
