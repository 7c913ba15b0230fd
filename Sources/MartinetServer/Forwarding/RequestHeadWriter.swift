package import MartinetCore
package import MartinetHTTP
package import NIOCore

/// Writes the head of a request as a server gets it.
package enum RequestHeadWriter {
    /// How the body will be framed, decided by us whatever the client used (never repair, always write our own).
    package static func write(
        _ exchange: Exchange, to server: UpstreamServer, framing: BodyFraming, into out: inout ByteBuffer
    ) {
        write(exchange.request, exchange, to: server, framing: framing, into: &out)
    }

    private static func write(
        _ request: borrowing RequestHead, _ exchange: Exchange, to server: UpstreamServer, framing: BodyFraming,
        into out: inout ByteBuffer
    ) {
        let passesHost = server.passHostHeader && !request.host.isEmpty
        let reserve =
            FieldLines.size(of: request.headers) + request.methodBytes.length + server.pathPrefix.utf8.count
            + request.path.length + request.query.length + max(request.host.length, server.authority.utf8.count)
            + exchange.connection.peerText.utf8.count + 256
        out.writeRaw(reserving: reserve) { out in
            request.headers.withBytes(request.methodBytes) { out.write($0) }
            out.write(UInt8(ascii: " "))
            if !server.pathPrefix.isEmpty { out.write(text: server.pathPrefix) }
            request.headers.withBytes(request.path) { out.write($0) }
            if request.hasQuery {
                out.write(UInt8(ascii: "?"))
                request.headers.withBytes(request.query) { out.write($0) }
            }
            out.write(" HTTP/1.1\r\nHost: ")
            if passesHost {
                request.headers.withBytes(request.host) { out.write($0) }
            } else {
                out.write(text: server.authority)
            }
            out.write("\r\n")
            FieldLines.write(request.headers, skipping: HopByHop.request, to: &out)
            writeForwardedFor(request.headers, exchange, to: &out)
            writeConnection(request, to: &out)
            if server.isOwnEntryPoint {
                out.write("X-Martinet-Hops: ")
                out.write(decimal: UInt64(Hops.taken(request.headers) + 1))
                out.write("\r\n")
            }
            switch framing {
            case .none:
                break
            case .length(let count):
                out.write("Content-Length: ")
                out.write(decimal: count)
                out.write("\r\n")
            case .chunked, .untilClose:
                out.write("Transfer-Encoding: chunked\r\n")
                TrailerAnnouncement.write(request.headers, .request, to: &out)
            }
            out.write("\r\n")
        }
    }

    private static func writeForwardedFor(
        _ headers: borrowing HeaderBlock, _ exchange: Exchange, to out: inout RawWriter
    ) {
        let count = headers.count(of: .xForwardedFor)
        guard count > 0 || exchange.appendsForwardedFor else { return }
        out.write("X-Forwarded-For: ")
        if count > 0 {
            var first = true
            for entry in headers.entries where entry.id == .xForwardedFor {
                if !first { out.write(", ") }
                headers.withBytes(entry.value) { out.write($0) }
                first = false
            }
            if exchange.appendsForwardedFor { out.write(", ") }
        }
        if exchange.appendsForwardedFor { out.write(text: exchange.connection.peerText) }
        out.write("\r\n")
    }

    private static func writeConnection(_ request: borrowing RequestHead, to out: inout RawWriter) {
        if request.wantsUpgrade, let token = request.headers.first(.upgrade) {
            out.write("Connection: Upgrade\r\nUpgrade: ")
            request.headers.withBytes(token) { out.write($0) }
            out.write("\r\n")
        }
        // `TE: trailers` is the one value a proxy may pass on, and gRPC insists on it (RFC 9110 §10.1.4).
        if let te = request.headers.first(.te),
            request.headers.withBytes(te, { ASCII.list($0, contains: "trailers") })
        {
            out.write("Te: trailers\r\n")
        }
    }
}
