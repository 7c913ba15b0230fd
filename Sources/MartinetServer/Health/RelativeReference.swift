/// Paths relative to other paths (RFC 3986 §5.2), as far as health checks and their redirections need them.
enum RelativeReference {
    /// Whether `text` names a scheme or a host.
    static func isAbsolute(_ text: String) -> Bool {
        if text.hasPrefix("//") { return true }
        guard let end = text.utf8.firstIndex(where: { ":/?#".utf8.contains($0) }) else { return false }
        return text.utf8[end] == UInt8(ascii: ":")
    }

    /// The target of a request: `reference`, which is not absolute, seen from a resource with the path and query `base`.
    static func target(_ reference: String, from base: String) -> String {
        let reference = Array(reference.utf8.prefix { $0 != UInt8(ascii: "#") })
        let basePath = base.utf8.prefix { $0 != UInt8(ascii: "?") }
        if reference.isEmpty { return base.isEmpty ? "/" : base.encodedBeyondASCII }
        let mark = reference.firstIndex(of: UInt8(ascii: "?")) ?? reference.endIndex
        var path = Array(reference[..<mark])
        if path.isEmpty {
            path = Array(basePath)
        } else if path.first != UInt8(ascii: "/") {
            let folder = basePath.lastIndex(of: UInt8(ascii: "/")).map { basePath[...$0] } ?? "/".utf8.prefix(1)
            path = Array(folder) + path
        }
        return String(decoding: withoutDots(path) + reference[mark...], as: UTF8.self).encodedBeyondASCII
    }

    /// Whether a `%` in the path stands before anything but two hexadecimal digits.
    static func hasBrokenEscape(_ reference: String) -> Bool {
        let path = Array(reference.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        return path.indices.contains { index in
            path[index] == UInt8(ascii: "%")
                && !(path[(index + 1)...].prefix(2).count == 2
                    && path[(index + 1)...].prefix(2).allSatisfy(isHexadecimal))
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte & 0xDF)
    }

    /// Path and query of a URL, as written; empty when there is neither.
    static func target(of url: String) -> String {
        guard let start = url.range(of: "://")?.upperBound else { return "" }
        let rest = url[start...].utf8
        guard let end = rest.firstIndex(where: { "/?#".utf8.contains($0) }) else { return "" }
        let target = rest[end...].prefix { $0 != UInt8(ascii: "#") }
        return String(Substring(target))
    }

    /// Takes out `.` and `..`; what is left begins with a slash.
    private static func withoutDots(_ path: [UInt8]) -> [UInt8] {
        var kept: [ArraySlice<UInt8>] = []
        let segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst(
            path.first == UInt8(ascii: "/") ? 1 : 0)
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            if segment.elementsEqual(".".utf8) {
                if isLast { kept.append([]) }
            } else if segment.elementsEqual("..".utf8) {
                if !kept.isEmpty { kept.removeLast() }
                if isLast { kept.append([]) }
            } else {
                kept.append(segment)
            }
        }
        return kept.isEmpty ? Array("/".utf8) : kept.flatMap { [UInt8(ascii: "/")] + $0 }
    }
}

extension String {
    /// The same with each byte beyond ASCII as `%C3`: raw ones have no place in a request line (RFC 3986 §2.1).
    var encodedBeyondASCII: String {
        guard utf8.contains(where: { $0 >= 0x80 }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isASCII {
                text.unicodeScalars.append(scalar)
            } else {
                for byte in Character(scalar).utf8 { text += "%" + String(byte, radix: 16, uppercase: true) }
            }
        }
        return text
    }

    /// Where `text` first stands.
    fileprivate func range(of text: StaticString) -> Range<String.Index>? {
        let wanted = text.description
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(wanted) { return start..<index(start, offsetBy: wanted.count) }
            start = index(after: start)
        }
        return nil
    }
}
