/// Where a server listens.
package struct RedisAddress: Sendable, Hashable, CustomStringConvertible {
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`, `[address]:port`, `host` (port 6379) and `:port` (this machine); nil for anything else.
    package init?(_ text: String) {
        var host = text[...]
        var port = "6379"[...]
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard let number = UInt16(port), number > 0, !host.utf8.contains(where: { $0 <= 0x20 || $0 == 0x2F }) else {
            return nil
        }
        self.host = host.isEmpty ? "localhost" : String(host)
        self.port = Int(number)
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
