import Glibc
import MartinetConfig
import MartinetCore
import MartinetHTTP
import NIOCore

@testable import MartinetOperations

/// An exchange as a connection leaves it to the access log, and the lines it becomes.
struct AccessLogFixture {
    /// Times in lines are India's, wherever the tests run: the process has one zone for all tests, which must not be changed.
    static var clock: AccessLogClock {
        AccessLogClock { second in
            var shifted = time_t(second) + 19800
            var parts = tm()
            gmtime_r(&shifted, &parts)
            parts.tm_gmtoff = 19800
            return parts
        }
    }

    let exchange: Exchange
    var figures = ExchangeFigures()
    var fields: AccessLogFieldsOptions?

    /// - Parameters:
    ///   - request: the head as it came, without the last empty line.
    ///   - response: the head of the server's answer; nil for an answer of our own.
    init(
        _ request: String = "GET /x HTTP/1.1\r\nHost: a.test\r\n",
        response: String? = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", peer: IPAddress = IPAddress(v4: 0x7F00_0001),
        security: ConnectionSecurity? = nil,
        clientCertificate: ClientCertificate? = nil
    ) {
        exchange = Exchange(
            connection: ConnectionInfo(
                peer: peer, peerPort: 4711, entryPoint: "web", localPort: 80, isTLS: security != nil,
                security: security,
                clientCertificate: clientCertificate))
        var parser = HTTP1RequestParser(limits: HTTP1Limits())
        var bytes = Self.bytes(request + "\r\n")
        _ = parser.parse(&bytes, into: &exchange.request)
        exchange.routed = RoutedTarget(exchange.request)
        exchange.routerName = "app@file"
        // 2026-11-21T03:04:05.0600007Z
        figures.startedWall = 1_795_230_245_060_000_700
        figures.duration = 1_500_000_000
        figures.downstreamStatus = 200
        figures.downstreamBytes = 5
        guard let response else { return }
        var answers = HTTP1ResponseParser(limits: HTTP1Limits())
        var head = Self.bytes(response + "\r\n")
        _ = answers.parse(&head, into: &exchange.response, requestMethod: exchange.request.method)
        exchange.serviceName = "app@file"
        exchange.server = UpstreamServer(
            url: "http://10.0.0.1:8080", scheme: .http, host: "10.0.0.1", port: 8080, authority: "10.0.0.1:8080",
            pathPrefix: "", passHostHeader: true, transport: UpstreamTransport(name: "default@internal"), pool: 0)
        figures.originDuration = 1_400_000_000
        figures.originStatus = 200
        figures.originBytes = 5
    }

    /// Bytes beyond ASCII are given as U+0080 to U+00FF.
    private static func bytes(_ text: String) -> ByteBuffer {
        ByteBuffer(bytes: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
    }

    /// Without the line end.
    func json() -> String {
        var clock = Self.clock
        var headers = AccessLogHeaderLines()
        var out = ByteBuffer()
        line.writeJSON(clock: &clock, headers: &headers, to: &out)
        return Self.text(out)
    }

    /// Without the line end.
    func common(generic: Bool = false) -> String {
        var clock = Self.clock
        var out = ByteBuffer()
        line.writeCommon(generic: generic, clock: &clock, to: &out)
        return Self.text(out)
    }

    private var line: AccessLogLine {
        AccessLogLine(exchange: exchange, figures: figures, number: 7, modes: AccessLogModes(fields))
    }

    private static func text(_ line: ByteBuffer) -> String {
        let text = String(buffer: line)
        precondition(text.hasSuffix("\n"), "a line has an end")
        return String(text.dropLast())
    }

    /// Options that keep all headers, or those named.
    static func keepingHeaders(_ mode: String = "keep", _ names: [String: String] = [:]) -> AccessLogFieldsOptions {
        var fields = AccessLogFieldsOptions()
        fields.headers = AccessLogHeadersOptions()
        fields.headers?.defaultMode = mode
        fields.headers?.names = names
        return fields
    }

    /// Options that drop all but the fields named.
    static func only(_ names: String...) -> AccessLogFieldsOptions {
        var fields = AccessLogFieldsOptions()
        fields.defaultMode = "drop"
        for name in names { fields.names[name] = "keep" }
        return fields
    }
}
