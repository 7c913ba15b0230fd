import MartinetCore
import MartinetHTTP
import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One line of the access log in the common format, Traefik's extension of NCSA's.
///
/// `host - user [date] "METHOD path HTTP/1.1" status size "referer" "agent" count "router" "server" Nms`; the generic form ends
/// after the agent. Quotes and control bytes are escaped: a client must not be able to write lines of its own.
enum AccessLogLine {
    static func write(
        _ exchange: Exchange, _ figures: ExchangeFigures, generic: Bool, dates: inout AccessLogDates,
        to out: inout ByteBuffer
    ) {
        write(exchange.request, exchange, figures, generic: generic, dates: &dates, to: &out)
    }

    private static func write(
        _ request: borrowing RequestHead, _ exchange: Exchange, _ figures: ExchangeFigures, generic: Bool,
        dates: inout AccessLogDates, to out: inout ByteBuffer
    ) {
        if let forwarded = request.headers.first(.xForwardedFor) {
            request.headers.withBytes(forwarded) { escape($0, to: &out) }
        } else {
            out.writeString(exchange.connection.peerText)
        }
        out.writeStaticString(" - ")
        if let user = exchange.userName { escape(user, to: &out) } else { out.writeStaticString("-") }
        out.writeStaticString(" [")
        dates.write(wall: figures.startedWall / 1_000_000_000, to: &out)
        out.writeStaticString("] \"")
        request.headers.withBytes(request.methodBytes) { escape($0, to: &out) }
        out.writeStaticString(" ")
        request.headers.withBytes(request.path) { escape($0, to: &out) }
        if request.hasQuery {
            out.writeStaticString("?")
            request.headers.withBytes(request.query) { escape($0, to: &out) }
        }
        out.writeStaticString(" ")
        out.writeStaticString(request.version.text)
        out.writeStaticString("\" ")
        let status = figures.originStatus > 0 ? figures.originStatus : figures.downstreamStatus
        writeDecimal(UInt64(status), to: &out)
        out.writeStaticString(" ")
        writeDecimal(figures.originStatus > 0 ? figures.originBytes : figures.downstreamBytes, to: &out)
        quoted(request.headers, .referer, to: &out)
        quoted(request.headers, .userAgent, to: &out)
        if !generic { writeExtension(exchange, figures, to: &out) }
        out.writeStaticString("\n")
    }

    private static func writeExtension(_ exchange: Exchange, _ figures: ExchangeFigures, to out: inout ByteBuffer) {
        out.writeStaticString(" ")
        writeDecimal(figures.requestCount, to: &out)
        out.writeStaticString(" \"")
        if exchange.routerName.isEmpty { out.writeStaticString("-") } else { escape(exchange.routerName, to: &out) }
        out.writeStaticString("\" \"")
        if let server = exchange.server { escape(server.url, to: &out) } else { out.writeStaticString("-") }
        out.writeStaticString("\" ")
        writeDecimal(UInt64(max(0, figures.duration / 1_000_000)), to: &out)
        out.writeStaticString("ms")
    }

    private static func quoted(_ headers: borrowing HeaderBlock, _ id: HeaderID, to out: inout ByteBuffer) {
        out.writeStaticString(" \"")
        if let value = headers.first(id) {
            headers.withBytes(value) { escape($0, to: &out) }
        } else {
            out.writeStaticString("-")
        }
        out.writeStaticString("\"")
    }

    private static func escape(_ text: String, to out: inout ByteBuffer) {
        var text = text
        text.withUTF8 { escape(UnsafeRawBufferPointer($0), to: &out) }
    }

    private static func escape(_ bytes: UnsafeRawBufferPointer, to out: inout ByteBuffer) {
        guard bytes.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C || $0 == 0x7F }) else {
            out.writeBytes(bytes)
            return
        }
        for byte in bytes {
            switch byte {
            case 0x22: out.writeStaticString("\\\"")
            case 0x5C: out.writeStaticString("\\\\")
            case 0..<0x20, 0x7F:
                out.writeStaticString("\\x")
                for nibble in [byte >> 4, byte & 15] { out.writeInteger(nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble) }
            default: out.writeInteger(byte)
            }
        }
    }

    private static func writeDecimal(_ value: UInt64, to out: inout ByteBuffer) {
        if value < 10 {
            out.writeInteger(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value))
        } else {
            writeDecimal(value / 10, to: &out)
            out.writeInteger(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value % 10))
        }
    }
}

/// Dates of access log lines in UTC, made once a second: `21/Nov/2026:03:04:05 +0000`.
struct AccessLogDates {
    private var second = Int64.min
    private var text = ByteBuffer()

    mutating func write(wall: Int64, to out: inout ByteBuffer) {
        if wall != second {
            second = wall
            text = Self.format(wall)
        }
        out.writeImmutableBuffer(text)
    }

    private static func format(_ seconds: Int64) -> ByteBuffer {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        var clock = time_t(seconds)
        var parts = tm()
        gmtime_r(&clock, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return ByteBuffer(
            string: "\(two(parts.tm_mday))/\(months[Int(parts.tm_mon)])/\(parts.tm_year + 1900):"
                + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) +0000")
    }
}
