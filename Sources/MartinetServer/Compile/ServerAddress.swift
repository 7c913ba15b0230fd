package import MartinetCore

/// The parts of a server's URL that matter to a proxy.
package struct ServerAddress: Equatable, Sendable {
    package var scheme: UpstreamServer.Scheme
    /// Host name or IP literal without brackets.
    package var host: String
    package var port: UInt16
    /// `host[:port]` as written.
    package var authority: String
    /// As written, without query and fragment, and without a final slash.
    package var path: String

    /// The host as it stands in URLs: an IPv6 address in brackets.
    package var hostText: String { host.contains(":") ? "[\(host)]" : host }

    /// Reads `scheme://host[:port][/path]`.
    package init(_ url: String) throws(CompilationFailure) {
        func refuse(_ reason: String, remedy: String? = nil) -> CompilationFailure {
            CompilationFailure(
                "error parsing server URL \(url): \(reason)",
                remedy: .text(remedy ?? "write scheme://host[:port][/path]"))
        }
        let bytes = Array(url.utf8)
        guard !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw refuse("blank or control character in URL")
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            bytes[(colon + 1)...].starts(with: "//".utf8)
        else { throw refuse("missing protocol scheme", remedy: "write http://\(url)") }
        let schemeName = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard let scheme = UpstreamServer.Scheme(rawValue: schemeName) else {
            throw refuse("unsupported protocol scheme \"\(schemeName)\"")
        }
        let rest = bytes[(colon + 3)...]
        let end =
            rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
            ?? rest.endIndex
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }

        self.scheme = scheme
        self.authority = String(decoding: authority, as: UTF8.self)
        let (host, port) = try Self.split(authority) { refuse($0) }
        self.host = host
        switch port {
        case let port?: self.port = port
        case nil: self.port = scheme == .https ? 443 : 80
        }

        var path = rest[end...]
        if let stop = path.firstIndex(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) {
            path = path[..<stop]
        }
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        self.path = String(decoding: path, as: UTF8.self)
    }

    /// Host without brackets, and port if one is written.
    private static func split(
        _ authority: ArraySlice<UInt8>, _ refuse: (String) -> CompilationFailure
    ) throws(CompilationFailure) -> (String, UInt16?) {
        var host = authority
        var port: ArraySlice<UInt8>?
        if authority.first == UInt8(ascii: "[") {
            guard let close = authority.firstIndex(of: UInt8(ascii: "]")) else { throw refuse("missing ']' in host") }
            host = authority[(authority.startIndex + 1)..<close]
            let after = authority[(close + 1)...]
            if after.first == UInt8(ascii: ":") {
                port = after.dropFirst()
            } else if !after.isEmpty {
                throw refuse("invalid port after host")
            }
        } else if let colon = authority.lastIndex(of: UInt8(ascii: ":")) {
            host = authority[..<colon]
            port = authority[(colon + 1)...]
        }
        guard !host.isEmpty else { throw refuse("no host") }
        let name = String(decoding: host, as: UTF8.self)
        guard let port, !port.isEmpty else { return (name, nil) }
        guard port.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt16(String(decoding: port, as: UTF8.self)),
            number > 0
        else { throw refuse("invalid port \":\(String(decoding: port, as: UTF8.self))\" after host") }
        return (name, number)
    }
}
