import MartinetHTTP

/// Where `redirectScheme` sends clients, and a look whether they are there already.
///
/// Most requests are, and are told so by their bytes: the expression, the replacement and the reading of the URL that comes out of
/// them cost ten times as much.
struct RedirectDestination: Sendable {
    let scheme: String
    /// With its colon; empty for the scheme's own.
    let port: String
    private let portBytes: [UInt8]

    init(scheme: String, port: String) {
        let isDefault = scheme == "http" && port == "80" || scheme == "https" && port == "443"
        self.scheme = scheme
        self.port = port.isEmpty || isDefault ? "" : ":" + port
        portBytes = Array(self.port.utf8)
    }

    /// Whether the request came to this scheme and port. False also where its URL holds anything that could not stand in a
    /// `Location` as it is: such a one needs a closer look.
    func isThat(of request: borrowing RequestHead, scheme: String) -> Bool {
        guard scheme == self.scheme else { return false }
        return request.headers.withBytes(request.host) { host in
            let name = host.count - portBytes.count
            return name > 0 && host[name...].elementsEqual(portBytes) && host[..<name].allSatisfy(Self.isNameByte)
        }
            && request.headers.withBytes(request.path) { $0.allSatisfy(Self.isPathByte) }
            && (!request.hasQuery || request.headers.withBytes(request.query) { $0.allSatisfy(Self.isQueryByte) })
    }

    private static func isNameByte(_ byte: UInt8) -> Bool { Percent.isUnreserved(byte) && byte != 0x7E }

    private static func isPathByte(_ byte: UInt8) -> Bool { Percent.isUnreserved(byte) || byte == UInt8(ascii: "/") }

    /// What begins a fragment is none: that would be read by itself.
    private static func isQueryByte(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#") }
}
