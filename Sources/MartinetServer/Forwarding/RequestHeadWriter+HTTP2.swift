import MartinetCore
import MartinetHTTP
import NIOCore

/// The same for servers that speak HTTP/2.
extension RequestHeadWriter {
    /// Opens a stream with the request's head. Nil when the session has no room for one.
    static func open(
        _ exchange: Exchange, to server: UpstreamServer, framing: BodyFraming, end: Bool,
        on session: inout HTTP2Session, into out: inout ByteBuffer
    ) -> HTTP2StreamID? {
        let passesHost = server.passHostHeader && !exchange.request.host.isEmpty
        let destination = HTTP2Session.Destination(
            isSecure: server.scheme == .https, authority: passesHost ? nil : server.authority,
            pathPrefix: server.pathPrefix)
        var length: UInt64?
        if case .length(let count) = framing { length = count }
        return session.openRequest(
            exchange.request, to: destination, contentLength: length, skipping: HopByHop.request, end: end,
            extra: { addOwn(exchange, server, to: &$0) }, into: &out)
    }

    /// The size of the head as SETTINGS_MAX_HEADER_LIST_SIZE counts it: 32 bytes a field beside name and value. Lines that are not
    /// sent are counted as well, so it may be a little more than what is.
    static func listSize(_ exchange: Exchange, to server: UpstreamServer) -> Int {
        // Four pseudo-headers, and an address in X-Forwarded-For.
        var size = 4 * (10 + 32) + server.pathPrefix.utf8.count + server.authority.utf8.count + 64
        size += exchange.request.methodBytes.length + exchange.request.path.length + exchange.request.query.length
        for entry in exchange.request.headers.entries { size += entry.name.length + entry.value.length + 32 }
        return size
    }

    /// What the proxy says of its own.
    private static func addOwn(_ exchange: Exchange, _ server: UpstreamServer, to writer: inout HTTP2FieldWriter) {
        addForwardedFor(exchange.request.headers, exchange, to: &writer)
        if server.isOwnEntryPoint {
            writer.add(.xMartinetHops, decimal: UInt64(Hops.taken(exchange.request.headers) + 1))
        }
    }

    private static func addForwardedFor(
        _ headers: borrowing HeaderBlock, _ exchange: Exchange, to writer: inout HTTP2FieldWriter
    ) {
        let appends = exchange.appendsForwardedFor
        guard headers.contains(.xForwardedFor) else {
            if appends { writer.add(.xForwardedFor, exchange.connection.peerText) }
            return
        }
        var list = ByteBuffer()
        for entry in headers.entries where entry.id == .xForwardedFor {
            if list.readableBytes > 0 { list.writeStaticString(", ") }
            headers.write(entry.value, to: &list)
        }
        if appends {
            list.writeStaticString(", ")
            list.writeString(exchange.connection.peerText)
        }
        writer.add(.xForwardedFor, list)
    }
}
