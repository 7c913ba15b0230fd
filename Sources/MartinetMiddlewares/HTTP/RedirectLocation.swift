import MartinetHTTP

/// Makes a `Location` of the text a replacement gave, as Go's `net/url` reads and writes a URL: the scheme in lower case, what a
/// path or a host may not hold percent-encoded. What is no URL is refused, and with it every control character, so that no
/// request can write a header line of its own.
enum RedirectLocation {
    /// The URL; nil when `text` is none.
    static func make(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        var rest = Array(text)[...]
        let fragment = cut(&rest, at: UInt8(ascii: "#"))
        let query = cut(&rest, at: UInt8(ascii: "?"))
        var out: [UInt8] = []
        var hasScheme = false
        switch scheme(of: rest) {
        case .none: break
        case .malformed: return nil
        case .length(let length):
            hasScheme = true
            out = rest.prefix(length).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } + [UInt8(ascii: ":")]
            rest = rest.dropFirst(length + 1)
        }
        if hasScheme, rest.first != UInt8(ascii: "/") {
            // `mailto:x`: everything behind the colon stands as it is.
            out += rest
        } else {
            if hasScheme || !rest.starts(with: "///".utf8), rest.starts(with: "//".utf8) {
                rest = rest.dropFirst(2)
                let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
                guard let authority = authority(rest[..<end]) else { return nil }
                out += Array("//".utf8) + authority
                rest = rest[end...]
            } else if !hasScheme, rest.prefix(while: { $0 != UInt8(ascii: "/") }).contains(UInt8(ascii: ":")) {
                return nil
            }
            guard let path = escaped(rest, isAllowed: isPathByte) else { return nil }
            out += path
        }
        if let query { out += [UInt8(ascii: "?")] + query }
        if let fragment {
            guard let text = escaped(fragment, isAllowed: { isPathByte($0) || $0 == UInt8(ascii: "?") }) else {
                return nil
            }
            if !text.isEmpty { out += [UInt8(ascii: "#")] + text }
        }
        return out
    }

    /// A path with what it may not hold percent-encoded; as it is when an escape in it is broken.
    static func path(_ text: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(text)
        return escaped(bytes[...], isAllowed: isPathByte) ?? bytes
    }

    private enum Scheme {
        case none, malformed
        case length(Int)
    }

    private static func scheme(of text: ArraySlice<UInt8>) -> Scheme {
        for (index, byte) in text.enumerated() {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A: continue
            case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                if index == 0 { return .none }
            case UInt8(ascii: ":"): return index == 0 ? .malformed : .length(index)
            default: return .none
            }
        }
        return .none
    }

    /// Takes what comes behind the first `mark` off `text`, and the mark; nil when there is none.
    private static func cut(_ text: inout ArraySlice<UInt8>, at mark: UInt8) -> ArraySlice<UInt8>? {
        guard let index = text.firstIndex(of: mark) else { return nil }
        defer { text = text[..<index] }
        return text[(index + 1)...]
    }

    private static func authority(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard let at = text.lastIndex(of: UInt8(ascii: "@")) else { return host(text) }
        guard let user = escaped(text[..<at], isAllowed: isUserByte), user.elementsEqual(text[..<at]),
            let host = host(text[(at + 1)...])
        else { return nil }
        return user + [UInt8(ascii: "@")] + host
    }

    /// Host and port; in brackets only an address, and behind the last colon only digits.
    private static func host(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var port: ArraySlice<UInt8>? = nil
        if text.first == UInt8(ascii: "[") {
            guard let end = text.lastIndex(of: UInt8(ascii: "]")) else { return nil }
            port = text[(end + 1)...]
        } else if let colon = text.lastIndex(of: UInt8(ascii: ":")) {
            port = text[colon...]
        }
        if let port, !port.isEmpty {
            guard port.first == UInt8(ascii: ":"), port.dropFirst().allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        }
        // A host has escapes only for what is not ASCII.
        var out: [UInt8] = []
        for byte in text {
            guard byte >= 0x80 || isHostByte(byte) else { return nil }
            append(byte, to: &out, asIs: byte < 0x80)
        }
        return out
    }

    /// `text` as it is when it holds only what may stand there, else decoded and encoded anew; nil when an escape is broken.
    private static func escaped(_ text: ArraySlice<UInt8>, isAllowed: (UInt8) -> Bool) -> [UInt8]? {
        var decoded: [UInt8] = []
        var isValid = true
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%") {
                guard text.endIndex - index > 2, let byte = Percent.decode(text[index + 1], text[index + 2]) else {
                    return nil
                }
                decoded.append(byte)
                index += 3
            } else {
                if !isAllowed(text[index]) { isValid = false }
                decoded.append(text[index])
                index += 1
            }
        }
        if isValid { return Array(text) }
        var out: [UInt8] = []
        for byte in decoded { append(byte, to: &out, asIs: Percent.isUnreserved(byte) || isPlainPathByte(byte)) }
        return out
    }

    private static func append(_ byte: UInt8, to out: inout [UInt8], asIs: Bool) {
        guard !asIs else { return out.append(byte) }
        let digits = Percent.digits.bytes
        out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    /// What stays when a path is encoded anew.
    private static func isPlainPathByte(_ byte: UInt8) -> Bool { contains("$&+,/:;=@", byte) }

    /// What a path may hold.
    private static func isPathByte(_ byte: UInt8) -> Bool {
        Percent.isUnreserved(byte) || isPlainPathByte(byte) || contains("!'()*[]", byte)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        Percent.isUnreserved(byte) || contains("!$&'()*+,;=:[]<>\"", byte)
    }

    private static func isUserByte(_ byte: UInt8) -> Bool {
        Percent.isUnreserved(byte) || contains("!$&'()*+,;=:@", byte)
    }

    private static func contains(_ set: StaticString, _ byte: UInt8) -> Bool { set.bytes.contains(byte) }
}
