import Crypto
import MartinetConfig
import MartinetCore

/// Sticky cookies as Traefik makes them, name, value and attributes byte for byte: a client keeps its server when one proxy takes the
/// place of the other.
extension StickyCookie {
    /// - Parameters:
    ///   - service: `name@provider`; the cookie's name is made of it when the options give none.
    ///   - names: what identifies each candidate, its URL or the name of its service; nil for those that get no requests.
    init(_ options: CookieOptions, service: String, names: [String?]) {
        self.init(
            name: Self.name(options.name, service: service), attributes: Self.attributes(options),
            values: names.map { $0.map(Self.values(for:)) })
    }

    /// The name given, with what may not stand in one made an underscore, or else one made of the service's.
    static func name(_ name: String, service: String) -> String {
        guard name.isEmpty else {
            return String(name.unicodeScalars.map { Self.isNameScalar($0) ? Character($0) : "_" })
        }
        let digest = Insecure.SHA1.hash(data: Array("_TRAEFIK_BACKEND_\(service)".utf8))
        return "_" + hexadecimal(digest).prefix(5)
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return false }
        let character = Character(scalar)
        return character.isLetter || character.isNumber || "!#$%&'*+-.^`|~".contains(character)
    }

    /// The value Traefik gives, and those that it gave before version 3.3 and still understands: the name itself, and its FNV hash
    /// taken once and twice.
    static func values(for name: String) -> Values {
        let once = fnv1(name)
        return Values(
            current: String(hexadecimal(SHA256.hash(data: Array(name.utf8))).prefix(16)),
            outdated: [name, once, fnv1(once)])
    }

    /// FNV-1, 64 bits, in hexadecimal without leading zeros.
    private static func fnv1(_ text: String) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash &* 0x0000_0100_0000_01B3) ^ UInt64(byte) }
        return String(hash, radix: 16)
    }

    private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in digest { text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return text
    }

    // MARK: Attributes

    /// What follows the value, in the order and form in which Go writes it. A domain that is none is left out.
    static func attributes(_ options: CookieOptions) -> String {
        var text = ""
        let path = String(decoding: (options.path ?? "/").utf8.filter(isPathByte), as: UTF8.self)
        if !path.isEmpty { text += "; Path=\(path)" }
        if isDomain(options.domain) {
            text += "; Domain=" + (options.domain.hasPrefix(".") ? options.domain.dropFirst() : options.domain[...])
        }
        if options.maxAge != 0 { text += "; Max-Age=\(max(0, options.maxAge))" }
        if options.httpOnly { text += "; HttpOnly" }
        if options.secure { text += "; Secure" }
        switch options.sameSite.lowercased() {
        case "none": text += "; SameSite=None"
        case "lax": text += "; SameSite=Lax"
        case "strict": text += "; SameSite=Strict"
        default: break
        }
        return text
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: ";")
    }

    /// A host name with at least one letter, which may begin or end with a dot, or an IPv4 address.
    private static func isDomain(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 255 else { return false }
        if IPAddress(text)?.isIPv4 == true, !text.contains(":") { return true }
        var hasLetter = false
        var labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if labels.count > 1, labels.first?.isEmpty == true { labels.removeFirst() }
        if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
        for label in labels {
            guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-")
            else { return false }
            for byte in label {
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): hasLetter = true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
                default: return false
                }
            }
        }
        return hasLetter
    }
}
