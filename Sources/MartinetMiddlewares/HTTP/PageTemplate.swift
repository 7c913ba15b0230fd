import MartinetCore
import MartinetHTTP

/// The path of an error page, with `{status}`, `{originalStatus}` and `{url}` to be filled in.
struct PageTemplate: Sendable {
    private let text: String

    init(_ query: String) {
        text = "/" + query.drop { $0 == "/" }.description
    }

    /// Path and query of the page. The URL is escaped so that it is one part of a query.
    func fill(_ exchange: Exchange, status: UInt16, original: UInt16) -> (path: String, query: String?) {
        var filled = text.replacing("{status}", with: "\(status)").replacing("{originalStatus}", with: "\(original)")
        if filled.contains("{url}") {
            let url =
                "\(exchange.isSecure ? "https" : "http")://\(exchange.request.hostString)\(exchange.request.requestURI)"
            filled = filled.replacing("{url}", with: Self.queryEscaped(url))
        }
        guard let mark = filled.firstIndex(of: "?") else { return (filled, nil) }
        return (String(filled[..<mark]), String(filled[filled.index(after: mark)...]))
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
