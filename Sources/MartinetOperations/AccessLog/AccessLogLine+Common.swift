import MartinetCore
import MartinetHTTP
import NIOCore

/// One line of the access log in the common format, Traefik's extension of NCSA's.
///
/// `host - user [date] "METHOD path HTTP/1.1" status size "referer" "agent" count "router" "server" Nms`; the generic form ends
/// after the agent. A field that is dropped or has no value is a dash.
extension AccessLogLine {
    func writeCommon(generic: Bool, clock: inout AccessLogClock, to out: inout ByteBuffer) {
        if modes.keeps(.clientHost) { writeClientHost(escaped: .common, to: &out) } else { out.writeStaticString("-") }
        out.writeStaticString(" - ")
        writeUser(to: &out)
        out.writeStaticString(" [")
        if modes.keeps(.startUTC) {
            clock.writeCommon(figures.startedWall, local: false, to: &out)
        } else if modes.keeps(.startLocal) {
            clock.writeCommon(figures.startedWall, local: true, to: &out)
        } else {
            out.writeStaticString("-")
        }
        out.writeStaticString("] \"")
        writeRequestLine(to: &out)
        out.writeStaticString("\" ")
        writeStatusAndSize(to: &out)
        writeQuoted(.referer, to: &out)
        writeQuoted(.userAgent, to: &out)
        if !generic { writeExtension(to: &out) }
        out.writeStaticString("\n")
    }

    private func writeUser(to out: inout ByteBuffer) {
        if let user = exchange.userName, !user.isEmpty, modes.keeps(.clientUsername) {
            out.writeCommonEscaped(user)
        } else {
            out.writeStaticString("-")
        }
    }

    private func writeRequestLine(to out: inout ByteBuffer) {
        if modes.keeps(.requestMethod) {
            exchange.request.headers.withBytes(exchange.request.methodBytes) { out.writeCommonEscaped($0) }
        } else {
            out.writeStaticString("-")
        }
        out.writeStaticString(" ")
        if modes.keeps(.requestPath) { writeTarget(escaped: .common, to: &out) } else { out.writeStaticString("-") }
        out.writeStaticString(" ")
        out.writeStaticString(modes.keeps(.requestProtocol) ? exchange.request.version.text : "-")
    }

    /// What the client got, whatever the server had sent.
    private func writeStatusAndSize(to out: inout ByteBuffer) {
        if modes.keeps(.downstreamStatus) {
            out.writeDecimal(UInt64(figures.downstreamStatus))
        } else {
            out.writeStaticString("-")
        }
        out.writeStaticString(" ")
        if modes.keeps(.downstreamContentSize) {
            out.writeDecimal(figures.downstreamBytes)
        } else {
            out.writeStaticString("-")
        }
    }

    private func writeQuoted(_ id: HeaderID, to out: inout ByteBuffer) {
        out.writeStaticString(" \"")
        let value = exchange.request.headers.first(id)
        switch modes.headers.mode(of: id) {
        case .keep:
            if let value, !value.isEmpty {
                exchange.request.headers.withBytes(value) { out.writeCommonEscaped($0) }
            } else {
                out.writeStaticString("-")
            }
        case .redact: out.writeStaticString(value == nil ? "-" : "REDACTED")
        case .drop: out.writeStaticString("-")
        }
        out.writeStaticString("\"")
    }

    private func writeExtension(to out: inout ByteBuffer) {
        out.writeStaticString(" ")
        if modes.keeps(.requestCount) { out.writeDecimal(number) } else { out.writeStaticString("-") }
        out.writeStaticString(" \"")
        if !exchange.routerName.isEmpty, modes.keeps(.routerName) {
            out.writeCommonEscaped(exchange.routerName)
        } else {
            out.writeStaticString("-")
        }
        out.writeStaticString("\" \"")
        if let server = exchange.server, modes.keeps(.serviceURL) {
            out.writeCommonEscaped(server.url)
        } else {
            out.writeStaticString("-")
        }
        out.writeStaticString("\" ")
        out.writeDecimal(modes.keeps(.duration) ? UInt64(max(0, figures.duration / 1_000_000)) : 0)
        out.writeStaticString("ms")
    }
}
