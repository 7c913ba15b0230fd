import MartinetCore
import MartinetHTTP
import NIOCore

/// A request as rules see it.
struct RuleRequest: Sendable {
    let method: String
    /// As written in a Host header; rules see it in their own form.
    let host: String
    /// The routing path.
    let path: String
    let query: String?
    let headers: [(name: String, value: String)]
    let peer: IPAddress

    /// Calls `body` with the request in the form the matchers take.
    func with<Result>(_ body: (borrowing RequestHead, RuleSubject) -> Result) -> Result {
        var head = RequestHead()
        head.methodBytes = head.headers.store(method)
        head.headers.withBytes(head.methodBytes) { bytes in head.method = HTTPMethod(bytes) }
        head.setPath(path)
        head.setQuery(query)
        head.host = head.headers.store(host)
        for header in headers { head.headers.add(name: header.name, value: header.value) }
        var canonical = ByteBuffer()
        head.headers.withBytes(head.host) { HostName.write($0, to: &canonical) }
        return canonical.withUnsafeReadableBytes { host in
            head.withPath { path in body(head, RuleSubject(host: host, path: path, peer: peer)) }
        }
    }
}
