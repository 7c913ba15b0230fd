import MartinetCore
import MartinetHTTP

/// The path of an error page, with `{status}`, `{originalStatus}` and `{url}` to be filled in.
struct PageTemplate: Sendable {
    private let text: String

    init(_ query: String) {
        text = query.hasPrefix("/") ? query : "/" + query
    }

    /// Path and query of the page. The URL is escaped so that it is one part of a query. A fragment is nothing to ask for; what a path
    /// may not hold is percent-encoded.
    func fill(_ exchange: Exchange, status: UInt16, original: UInt16) -> (path: String, query: String?) {
        var filled = text.replacing("{status}", with: "\(status)").replacing("{originalStatus}", with: "\(original)")
        if filled.contains("{url}") {
            let url =
                "\(exchange.isSecure ? "https" : "http")://\(exchange.request.hostString)\(exchange.request.requestURI)"
            filled = filled.replacing("{url}", with: Self.queryEscaped(url))
        }
        let target = filled.prefix { $0 != "#" }
        let mark = target.firstIndex(of: "?") ?? target.endIndex
        let path = String(decoding: RedirectLocation.path(target[..<mark].utf8), as: UTF8.self)
        return (path, mark == target.endIndex ? nil : String(target[target.index(after: mark)...]))
    }

    /// As Go's `url.QueryEscape`: a blank becomes a plus, everything but unreserved characters is percent-encoded.
    static func queryEscaped(_ text: String) -> String {
        let digits = Percent.digits.bytes
        var out: [UInt8] = []
        for byte in text.utf8 {
            if Percent.isUnreserved(byte) {
                out.append(byte)
            } else if byte == 0x20 {
                out.append(UInt8(ascii: "+"))
            } else {
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
