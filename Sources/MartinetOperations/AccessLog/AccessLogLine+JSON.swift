import MartinetCore
import MartinetHTTP
import NIOCore

/// One line of the access log as a JSON object, with Traefik's names, in the order of their bytes.
///
/// `level`, `msg` and `time` are always there; a field without a value is not.
extension AccessLogLine {
    func writeJSON(clock: inout AccessLogClock, headers: inout AccessLogHeaderLines, to out: inout ByteBuffer) {
        out.writeStaticString("{")
        writeClient(to: &out)
        writeFigures(to: &out)
        writeRequest(to: &out)
        writeRoute(to: &out)
        if modes.keeps(.startLocal) { writeStart(.startLocal, local: true, &clock, to: &out) }
        if modes.keeps(.startUTC) { writeStart(.startUTC, local: false, &clock, to: &out) }
        writeSecurity(to: &out)
        if modes.headers.dropsAll {
            writeText(.entryPointName, exchange.connection.entryPoint, to: &out)
            out.writeStaticString(#""level":"info","msg":"","#)
        } else {
            writeHeaders(&headers, to: &out)
        }
        out.writeStaticString(#""time":""#)
        clock.writeEnd(figures.startedWall &+ figures.duration, to: &out)
        out.writeStaticString("\"}\n")
    }

    // MARK: Groups, in order

    private func writeClient(to out: inout ByteBuffer) {
        let connection = exchange.connection
        if open(.clientAddr, to: &out) {
            let isV6 = connection.peerText.utf8.contains(UInt8(ascii: ":"))
            out.writeStaticString(isV6 ? "\"[" : "\"")
            out.writeString(connection.peerText)
            out.writeStaticString(isV6 ? "]:" : ":")
            out.writeDecimal(UInt64(connection.peerPort))
            out.writeStaticString("\",")
        }
        if open(.clientHost, to: &out) {
            out.writeStaticString("\"")
            writeClientHost(escaped: .json, to: &out)
            out.writeStaticString("\",")
        }
        if open(.clientPort, to: &out) {
            out.writeStaticString("\"")
            out.writeDecimal(UInt64(connection.peerPort))
            out.writeStaticString("\",")
        }
        writeText(.clientUsername, exchange.userName ?? "-", to: &out)
    }

    private func writeFigures(to out: inout ByteBuffer) {
        writeNumber(.downstreamContentSize, figures.downstreamBytes, to: &out)
        writeNumber(.downstreamStatus, UInt64(figures.downstreamStatus), to: &out)
        writeNumber(.duration, UInt64(max(0, figures.duration)), to: &out)
        if figures.originBytes != figures.downstreamBytes, figures.downstreamBytes > 0, open(.gzipRatio, to: &out) {
            out.writeJSONNumber(Double(figures.originBytes) / Double(figures.downstreamBytes))
            out.writeStaticString(",")
        }
        writeNumber(.originContentSize, figures.originBytes, to: &out)
        writeNumber(.originDuration, UInt64(max(0, figures.originDuration)), to: &out)
        writeNumber(.originStatus, UInt64(figures.originStatus), to: &out)
        writeNumber(.overhead, UInt64(max(0, figures.duration &- figures.originDuration)), to: &out)
    }

    private func writeRequest(to out: inout ByteBuffer) {
        let host = target.host
        let port = portLength(of: host)
        if !host.isEmpty { writeBytes(.requestAddr, host, to: &out) }
        writeNumber(.requestContentSize, figures.requestBytes, to: &out)
        writeNumber(.requestCount, number, to: &out)
        if !host.isEmpty {
            let name = host.slice(from: 0, length: host.length - (port.map { $0 + 1 } ?? 0))
            writeBytes(.requestHost, withoutBrackets(name), to: &out)
        }
        writeBytes(.requestMethod, exchange.request.methodBytes, to: &out)
        if open(.requestPath, to: &out) {
            out.writeStaticString("\"")
            writeTarget(escaped: .json, to: &out)
            out.writeStaticString("\",")
        }
        if !host.isEmpty {
            if let port {
                writeBytes(.requestPort, host.slice(from: host.length - port, length: port), to: &out)
            } else {
                writeText(.requestPort, "-", to: &out)
            }
        }
        writeText(.requestProtocol, exchange.request.version.text, to: &out)
        writeText(.requestScheme, exchange.isSecure ? "https" as StaticString : "http", to: &out)
        writeNumber(.retryAttempts, UInt64(max(0, exchange.retries)), to: &out)
    }

    private func writeRoute(to out: inout ByteBuffer) {
        if !exchange.routerName.isEmpty { writeText(.routerName, exchange.routerName, to: &out) }
        guard let server = exchange.server else { return }
        writeText(.serviceAddr, server.authority, to: &out)
        writeText(.serviceName, exchange.serviceName, to: &out)
        writeText(.serviceURL, server.url, to: &out)
    }

    private func writeSecurity(to out: inout ByteBuffer) {
        let connection = exchange.connection
        guard let security = connection.security else { return }
        writeText(.tlsCipher, security.cipherSuite, to: &out)
        if let certificate = connection.clientCertificate {
            writeText(.tlsClientSubject, certificate.subjectText, to: &out)
        }
        writeText(.tlsVersion, security.version, to: &out)
    }

    private func writeHeaders(_ headers: inout AccessLogHeaderLines, to out: inout ByteBuffer) {
        // What the server sent and what the client got are one block, middlewares' changes included, as with Traefik.
        let skipped = AccessLogHeaderLines.skipped(of: exchange)
        headers.select(from: exchange.response.headers, modes.headers, skipping: skipped.response)
        headers.write(exchange.response.headers, prefix: "downstream_", to: &out)
        writeText(.entryPointName, exchange.connection.entryPoint, to: &out)
        out.writeStaticString(#""level":"info","msg":"","#)
        if exchange.server != nil, figures.originStatus > 0 || exchange.response.status == 101 {
            headers.write(exchange.response.headers, prefix: "origin_", to: &out)
        }
        headers.select(from: exchange.request.headers, modes.headers, skipping: skipped.request)
        headers.write(exchange.request.headers, prefix: "request_", to: &out)
    }

    // MARK: Members

    /// Writes the field's name, if the field is kept.
    private func open(_ field: AccessLogField, to out: inout ByteBuffer) -> Bool {
        guard modes.keeps(field) else { return false }
        out.writeStaticString(field.key)
        return true
    }

    private func writeNumber(_ field: AccessLogField, _ value: UInt64, to out: inout ByteBuffer) {
        guard open(field, to: &out) else { return }
        out.writeDecimal(value)
        out.writeStaticString(",")
    }

    private func writeText(_ field: AccessLogField, _ value: StaticString, to out: inout ByteBuffer) {
        guard open(field, to: &out) else { return }
        out.writeStaticString("\"")
        out.writeStaticString(value)
        out.writeStaticString("\",")
    }

    private func writeText(_ field: AccessLogField, _ value: String, to out: inout ByteBuffer) {
        guard open(field, to: &out) else { return }
        out.writeStaticString("\"")
        out.writeJSONEscaped(value)
        out.writeStaticString("\",")
    }

    private func writeBytes(_ field: AccessLogField, _ value: ByteRef, to out: inout ByteBuffer) {
        guard open(field, to: &out) else { return }
        out.writeStaticString("\"")
        exchange.request.headers.withBytes(value) { out.writeJSONEscaped($0) }
        out.writeStaticString("\",")
    }

    private func writeStart(
        _ field: AccessLogField, local: Bool, _ clock: inout AccessLogClock, to out: inout ByteBuffer
    ) {
        guard open(field, to: &out) else { return }
        out.writeStaticString("\"")
        clock.writeStart(figures.startedWall, local: local, to: &out)
        out.writeStaticString("\",")
    }

    // MARK: Host and port

    /// How many digits follow the host's last colon; nil without a port. An IPv6 literal's own colons stand before its bracket.
    private func portLength(of host: ByteRef) -> Int? {
        exchange.request.headers.withBytes(host) { bytes in
            var index = bytes.count
            while index > 0 {
                let byte = bytes[index - 1]
                if byte == UInt8(ascii: ":") { return bytes.count - index }
                guard byte &- 0x30 < 10 else { return nil }
                index -= 1
            }
            return nil
        }
    }

    private func withoutBrackets(_ host: ByteRef) -> ByteRef {
        exchange.request.headers.withBytes(host) { bytes in
            guard bytes.count >= 2, bytes[0] == UInt8(ascii: "["), bytes[bytes.count - 1] == UInt8(ascii: "]") else {
                return host
            }
            return host.slice(from: 1, length: host.length - 2)
        }
    }
}
