import MartinetCore
import MartinetHTTP
import NIOCore

/// What lines of both formats have in common.
struct AccessLogLine {
    let exchange: Exchange
    let figures: ExchangeFigures
    /// Number of the request since the start of the process.
    let number: UInt64
    let modes: AccessLogModes

    /// What the client asked for, before middlewares changed it.
    var target: RoutedTarget { exchange.routed ?? RoutedTarget() }

    /// The request's path, with its query unless that is dropped.
    func writeTarget(escaped escaping: AccessLogEscaping, to out: inout ByteBuffer) {
        let target = self.target
        exchange.request.headers.withBytes(target.path) { out.write($0, escaped: escaping) }
        guard target.hasQuery, modes.keepsQuery else { return }
        out.writeStaticString("?")
        exchange.request.headers.withBytes(target.query) { out.write($0, escaped: escaping) }
    }

    /// The whole `X-Forwarded-For` of the request: the client's own claim where the entry point trusts it. Else the peer.
    func writeClientHost(escaped escaping: AccessLogEscaping, to out: inout ByteBuffer) {
        let start = out.writerIndex
        var separator: StaticString = ""
        if exchange.request.headers.contains(.xForwardedFor) {
            for entry in exchange.request.headers.entries where entry.id == .xForwardedFor {
                out.writeStaticString(separator)
                exchange.request.headers.withBytes(entry.value) { out.write($0, escaped: escaping) }
                separator = ", "
            }
        }
        if out.writerIndex == start { out.writeString(exchange.connection.peerText) }
    }
}
