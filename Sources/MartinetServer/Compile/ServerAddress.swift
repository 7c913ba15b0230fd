package import MartinetCore

/// The parts of a server's URL that matter to a proxy.
package struct ServerAddress: Equatable, Sendable {
    package var scheme: UpstreamServer.Scheme
    /// Host name or IP literal without brackets.
    package var host: String
    package var port: UInt16
    /// `host[:port]` as written.
    package var authority: String
    /// As written, without query and fragment, and without a final slash; bytes beyond ASCII are percent-encoded.
    package var path: String

    /// The host as it stands in URLs: an IPv6 address in brackets.
    package var hostText: String { host.contains(":") ? "[\(host)]" : host }

    /// Reads `scheme://host[:port][/path]`. What Traefik can read, though no request ever gets there, is a failure that spares
    /// the other servers of the service.
    package init(_ url: String) throws(CompilationFailure) {
        func refuse(_ reason: String, remedy: String? = nil) -> CompilationFailure {
            CompilationFailure(
                "error parsing server URL \(url): \(reason)",
                remedy: .text(remedy ?? "write scheme://host[:port][/path]"))
        }
        func refuseAlone(_ reason: String, remedy: String? = nil) -> CompilationFailure {
            var failure = refuse(reason, remedy: remedy)
            failure.sparesOtherServers = true
            return failure
        }
        let bytes = Array(url.utf8)
        guard !bytes.isEmpty else { throw refuseAlone("it is empty") }
        guard !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw refuse("blank or control character in URL")
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            bytes[(colon + 1)...].starts(with: "//".utf8)
        else {
            // Go takes `localhost:80` for a scheme and a path, but nothing that begins with a number for a scheme.
            let start = bytes.prefix { $0 != UInt8(ascii: "/") }
            let isUnreadable = start.contains(UInt8(ascii: ":")) && !(start.first.map(Self.isLetter) ?? false)
            let (reason, remedy) = ("missing protocol scheme", "write http://\(url)")
            throw isUnreadable ? refuse(reason, remedy: remedy) : refuseAlone(reason, remedy: remedy)
        }
        let schemeName = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard let scheme = UpstreamServer.Scheme(rawValue: schemeName) else {
            throw refuseAlone("unsupported protocol scheme \"\(schemeName)\"")
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
        guard !host.isEmpty else { throw refuseAlone("no host") }
        self.host = host
        if let port {
            guard let number = UInt16(port), number > 0 else {
                throw refuseAlone("invalid port \":\(port)\" after host")
            }
            self.port = number
        } else {
            self.port = scheme == .https ? 443 : 80
        }

        var path = rest[end...]
        if let stop = path.firstIndex(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) {
            path = path[..<stop]
        }
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        self.path = String(decoding: path, as: UTF8.self).encodedBeyondASCII
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }

    /// Host without brackets, and the digits of the port if one is written.
    private static func split(
        _ authority: ArraySlice<UInt8>, _ refuse: (String) -> CompilationFailure
    ) throws(CompilationFailure) -> (String, String?) {
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
        let name = String(decoding: host, as: UTF8.self)
        guard let port, !port.isEmpty else { return (name, nil) }
        let digits = String(decoding: port, as: UTF8.self)
        guard port.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw refuse("invalid port \":\(digits)\" after host")
        }
        return (name, digits)
    }
}
