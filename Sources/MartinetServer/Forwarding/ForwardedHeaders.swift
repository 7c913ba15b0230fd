package import MartinetCore
import MartinetHTTP

/// What the proxy tells servers about the client: `X-Forwarded-*` and `X-Real-Ip`, as Traefik 3.7 writes them.
package enum ForwardedHeaders {
    /// Removes what an untrusted client claims and what its Connection header lists, then fills in what is missing.
    /// `X-Forwarded-For` gets the peer only when the head is written, so that middlewares see it as the client sent it.
    package static func apply(
        to exchange: Exchange, settings: EntryPointSettings.ForwardedHeaders, hostName: String
    ) {
        let trusted =
            settings.insecure || (!settings.trusted.isEmpty && settings.trusted.contains(exchange.connection.peer))
        if !trusted {
            exchange.request.headers.remove(mask: HopByHop.forwarded)
            if exchange.request.headers.hasAliases { removeAliases(exchange) }
        }
        if let connection = exchange.request.headers.first(.connection) {
            removeListed(connection, exchange, settings)
        }
        exchange.appendsForwardedFor = settings.appendsFor

        let isWebSocket = exchange.request.wantsUpgrade && upgradesToWebSocket(exchange.request.headers)
        let secure = exchange.isSecure
        if !exchange.request.headers.contains(.xRealIP) {
            exchange.request.headers.add(.xRealIP, exchange.connection.peerText)
        }
        if !exchange.request.headers.contains(.xForwardedProto) {
            let proto: StaticString = isWebSocket ? (secure ? "wss" : "ws") : (secure ? "https" : "http")
            exchange.request.headers.add(.xForwardedProto, proto)
        }
        if !exchange.request.headers.contains(.xForwardedPort) { addPort(exchange, secure: secure) }
        if !exchange.request.headers.contains(.xForwardedHost), !exchange.request.host.isEmpty {
            exchange.request.headers.add(.xForwardedHost, exchange.request.host)
        }
        exchange.request.headers.remove(.xForwardedServer)
        exchange.request.headers.add(.xForwardedServer, hostName)
    }

    private static func upgradesToWebSocket(_ headers: borrowing HeaderBlock) -> Bool {
        guard let token = headers.first(.upgrade) else { return false }
        return headers.withBytes(token) { ASCII.equalIgnoringCase($0, "websocket") }
    }

    /// The port in the Host header, else the scheme's: what the client meant, not where it was heard.
    private static func addPort(_ exchange: Exchange, secure: Bool) {
        let host = exchange.request.host
        let length = exchange.request.headers.withBytes(host) { bytes -> Int in
            var index = bytes.count
            while index > 0 {
                let byte = bytes[index - 1]
                if byte == UInt8(ascii: ":") { return bytes.count - index }
                guard byte &- 0x30 < 10 else { return 0 }
                index -= 1
            }
            return 0
        }
        // An IPv6 literal without port ends in `]`, which is no digit, so its colons are never reached.
        if length > 0 {
            exchange.request.headers.add(.xForwardedPort, host.slice(from: host.length - length, length: length))
        } else if let proto = exchange.request.headers.first(.xForwardedProto) {
            let encrypted = exchange.request.headers.withBytes(proto) {
                ASCII.equalIgnoringCase($0, "https") || ASCII.equalIgnoringCase($0, "wss")
            }
            exchange.request.headers.add(.xForwardedPort, (encrypted || secure ? "443" : "80") as StaticString)
        } else {
            exchange.request.headers.add(.xForwardedPort, (secure ? "443" : "80") as StaticString)
        }
    }

    /// `X_Forwarded_For`, `X.Forwarded.For` and the like: backends that map such names to one would take them for ours.
    @inline(never)
    private static func removeAliases(_ exchange: Exchange) {
        exchange.request.headers.removeAll { block, entry in
            guard entry.id == .other else { return false }
            return block.withBytes(entry.name) { HeaderTwins.dashedID($0).bit & HopByHop.forwarded != 0 }
        }
    }

    /// Drops the lines that the client's Connection header names (RFC 9110 §7.6.1), save for the proxy's own: those are ours,
    /// and a client that could remove them could pass for another.
    private static func removeListed(
        _ list: ByteRef, _ exchange: Exchange, _ settings: EntryPointSettings.ForwardedHeaders
    ) {
        let common = exchange.request.headers.withBytes(list) { value in
            ASCII.equalIgnoringCase(value, "keep-alive") || ASCII.equalIgnoringCase(value, "close")
                || ASCII.equalIgnoringCase(value, "upgrade")
        }
        if common, exchange.request.headers.count(of: .connection) == 1 { return }
        var names: [String] = []
        for entry in exchange.request.headers.entries where entry.id == .connection {
            exchange.request.headers.withBytes(entry.value) { value in
                ASCII.forEachListItem(value) { item in
                    let id = HeaderID.lookup(item)
                    let name = String(decoding: item, as: UTF8.self)
                    if id.bit & HopByHop.protected == 0 || (id != .host && settings.allowsRemoving(name)) {
                        names.append(name)
                    }
                }
            }
        }
        for name in names { exchange.request.headers.remove(name: name) }
    }
}

extension EntryPointSettings.ForwardedHeaders {
    /// Whether the option `forwardedHeaders.connection` lets clients remove this header.
    func allowsRemoving(_ name: String) -> Bool {
        guard !connection.isEmpty else { return false }
        let name = name.lowercased()
        return connection.contains { $0.lowercased() == name }
    }
}
