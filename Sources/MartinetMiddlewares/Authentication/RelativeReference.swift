/// Locations that do not say where.
enum RelativeReference {
    /// `reference` as a whole URL, seen from `target` on `origin` (RFC 3986 §5.2), as Go's `net/url` reads and writes it: what a URL may
    /// not hold is percent-encoded. An empty one stays empty; nil when it is no URL.
    static func resolve(_ reference: String, origin: String, target: String) -> String? {
        var reference = reference
        guard !reference.isEmpty else { return reference }
        guard let read = reference.withUTF8({ RedirectLocation.make(UnsafeRawBufferPointer($0)) }) else { return nil }
        let rest = read.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? read.endIndex
        let place = read[..<rest]
        let suffix = read[rest...]
        let base = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        if let start = pathOfWhole(place) {
            let path = place[start...]
            let whole: [UInt8] = path.isEmpty ? Array(place) : place[..<start] + withoutDots(path)
            let scheme = place.starts(with: "//".utf8) ? String(origin.prefix { $0 != "/" }) : ""
            return scheme + text(whole + suffix)
        }
        if place.isEmpty {
            return origin + (suffix.first == UInt8(ascii: "?") ? text(base) : target) + text(suffix)
        }
        if place.first == UInt8(ascii: "/") { return origin + text(withoutDots(place) + suffix) }
        let directory = base[...(base.lastIndex(of: UInt8(ascii: "/")) ?? base.startIndex)]
        return origin + text(withoutDots((directory + place)[...]) + suffix)
    }

    /// Where a redirection to `url` leads that answers a request for `path`, as Go's `http.Redirect` writes it: a relative one is
    /// seen from there, and dots and doubled slashes are taken out. One that names a host stays as it is. What is not ASCII is
    /// percent-encoded.
    static func redirection(to url: String, from path: String) -> String {
        var url = url
        let isWhole = url.withUTF8 { bytes in
            RedirectLocation.make(UnsafeRawBufferPointer(bytes)).map { pathOfWhole($0[...]) != nil } ?? true
        }
        var bytes = Array(url.utf8)
        if !isWhole {
            if bytes.first != UInt8(ascii: "/") {
                let base = Array(path.utf8)
                bytes = base[..<(base.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)] + bytes
            }
            let end = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
            bytes = cleaned(bytes[..<end]) + bytes[end...]
        }
        let digits = Array("0123456789abcdef".utf8)
        return text(
            bytes.flatMap { $0 < 0x80 ? [$0] : [UInt8(ascii: "%"), digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// Where the path begins in a URL that has a scheme or names a host; its end when it has no path, as `mailto:x` has none. Nil for
    /// one that has neither.
    private static func pathOfWhole(_ url: ArraySlice<UInt8>) -> ArraySlice<UInt8>.Index? {
        let slash = url.firstIndex(of: UInt8(ascii: "/")) ?? url.endIndex
        var rest = url
        if let colon = url[..<slash].firstIndex(of: UInt8(ascii: ":")) {
            rest = url[(colon + 1)...]
            guard rest.first == UInt8(ascii: "/") else { return url.endIndex }
        } else if !url.starts(with: "//".utf8) || url.starts(with: "///".utf8) {
            return nil
        }
        guard rest.starts(with: "//".utf8) else { return rest.startIndex }
        return rest.dropFirst(2).firstIndex(of: UInt8(ascii: "/")) ?? url.endIndex
    }

    /// Without the segments `.` and `..` and what the latter go back over. Empty segments are part of what was asked for and stay.
    private static func withoutDots(_ path: ArraySlice<UInt8>) -> [UInt8] {
        var kept: [ArraySlice<UInt8>] = []
        var endsInDots = false
        for segment in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            endsInDots = segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8)
            if !endsInDots {
                kept.append(segment)
            } else if segment.count == 2, !kept.isEmpty {
                kept.removeLast()
            }
        }
        if endsInDots { kept.append([]) }
        return [UInt8(ascii: "/")] + kept.joined(separator: [UInt8(ascii: "/")])
    }

    /// Without dots and without empty segments, but for a final slash.
    private static func cleaned(_ path: ArraySlice<UInt8>) -> [UInt8] {
        var kept: [ArraySlice<UInt8>] = []
        for segment in path.split(separator: UInt8(ascii: "/")) where !segment.elementsEqual(".".utf8) {
            if !segment.elementsEqual("..".utf8) {
                kept.append(segment)
            } else if !kept.isEmpty {
                kept.removeLast()
            }
        }
        if path.last == UInt8(ascii: "/"), !kept.isEmpty { kept.append([]) }
        return [UInt8(ascii: "/")] + kept.joined(separator: [UInt8(ascii: "/")])
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
