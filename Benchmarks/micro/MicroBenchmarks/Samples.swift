import MartinetHTTP
import NIOCore

/// Messages that several benchmarks work on.
enum Samples {
    static let request = """
        GET /api/v1/items?page=2 HTTP/1.1\r
        Host: h4711.test\r
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r
        Accept: text/html,*/*;q=0.8\r
        Accept-Language: en-GB,en;q=0.5\r
        Accept-Encoding: gzip, deflate, br\r
        Cookie: session=0123456789abcdef\r
        \r

        """

    static let response = """
        HTTP/1.1 200 OK\r
        Date: Sat, 21 Nov 2026 08:00:00 GMT\r
        Server: origin\r
        Content-Type: text/plain\r
        Content-Length: 130\r
        \r

        """

    /// Parses ``request`` into `head`; `false` when the parser refuses it.
    static func parseRequest(into head: inout RequestHead) -> Bool {
        var parser = HTTP1RequestParser(limits: HTTP1Limits())
        var buffer = ByteBuffer(string: request)
        if case .head = parser.parse(&buffer, into: &head) { return true }
        return false
    }

    /// Parses ``response`` into `head`; `false` when the parser refuses it.
    static func parseResponse(into head: inout ResponseHead) -> Bool {
        var parser = HTTP1ResponseParser(limits: HTTP1Limits())
        var buffer = ByteBuffer(string: response)
        if case .head = parser.parse(&buffer, into: &head, requestMethod: .get) { return true }
        return false
    }
}
