/// The first line of a request (RFC 9112 §3) and the forms its target may take (§3.2).
enum RequestLine {
    /// Parses the line, without its end, into method, target, path, query, host (of an absolute target) and version.
    static func parse(_ line: UnsafeRawBufferPointer, into head: inout RequestHead) -> HTTP1Refusal? {
        let token = ByteClass.token
        var methodEnd = 0
        while methodEnd < line.count, token.contains(line[methodEnd]) { methodEnd += 1 }
        guard methodEnd > 0, methodEnd < line.count, line[methodEnd] == 0x20 else {
            return .bad("the request line does not begin with a method and one space")
        }
        var targetEnd = methodEnd + 1
        while targetEnd < line.count, line[targetEnd] > 0x20, line[targetEnd] < 0x7F { targetEnd += 1 }
        guard targetEnd > methodEnd + 1, targetEnd < line.count, line[targetEnd] == 0x20 else {
            return .bad("the request target is empty or holds a character that is not allowed")
        }
        if let wrong = version(UnsafeRawBufferPointer(rebasing: line[(targetEnd + 1)...]), into: &head) { return wrong }
        head.methodBytes = ByteRef(offset: 0, length: methodEnd, owned: false)
        head.method = HTTPMethod(UnsafeRawBufferPointer(rebasing: line[..<methodEnd]))
        head.target = ByteRef(offset: methodEnd + 1, length: targetEnd - methodEnd - 1, owned: false)
        return target(line, from: methodEnd + 1, to: targetEnd, into: &head)
    }

    private static func version(_ text: UnsafeRawBufferPointer, into head: inout RequestHead) -> HTTP1Refusal? {
        guard text.count == 8, text.starts(with: ("HTTP/" as StaticString).bytes), text[6] == 0x2E,
            text[5] &- 0x30 < 10, text[7] &- 0x30 < 10
        else { return .bad("the request line does not end with an HTTP version") }
        guard text[5] == 0x31 else {
            return HTTP1Refusal(505, "505 HTTP Version Not Supported", "not HTTP/1")
        }
        // A minor version above 1 is served as 1.1 (RFC 9110 §2.5).
        head.version = text[7] == 0x30 ? .http10 : .http11
        return nil
    }

    private static func target(
        _ line: UnsafeRawBufferPointer, from start: Int, to end: Int, into head: inout RequestHead
    ) -> HTTP1Refusal? {
        head.host = .empty
        head.hasQuery = false
        head.query = .empty
        if head.method == .connect {
            head.path = head.target
            return nil
        }
        if line[start] == 0x2F { return pathAndQuery(line, from: start, to: end, into: &head) }
        if end - start == 1, line[start] == 0x2A {
            head.path = head.target
            return head.method == .options ? nil : .bad("the target * is for OPTIONS only (RFC 9112 3.2.4)")
        }
        return absolute(line, from: start, to: end, into: &head)
    }

    /// `http://authority/path`: the authority stands for Host from here on (§3.2.2).
    private static func absolute(
        _ line: UnsafeRawBufferPointer, from start: Int, to end: Int, into head: inout RequestHead
    ) -> HTTP1Refusal? {
        var schemeLength = 0
        for scheme: StaticString in ["http", "https"] {
            let length = scheme.utf8CodeUnitCount
            if end - start > length, line[start + length] == 0x3A,
                ASCII.equalIgnoringCase(UnsafeRawBufferPointer(rebasing: line[start..<(start + length)]), scheme)
            {
                schemeLength = length
            }
        }
        guard schemeLength > 0 else { return .bad("the target is neither a path nor an http URL") }
        let afterScheme = start + schemeLength + 1
        guard end - afterScheme >= 2, line[afterScheme] == 0x2F, line[afterScheme + 1] == 0x2F else {
            head.path = head.target
            return HTTP1Refusal(400, "", "the target is an opaque URL", keepsConnection: true)
        }
        let authority = afterScheme + 2
        var pathStart = authority
        while pathStart < end, line[pathStart] != 0x2F, line[pathStart] != 0x3F, line[pathStart] != 0x23 {
            pathStart += 1
        }
        guard pathStart > authority else { return .bad("the target has no host") }
        head.host = ByteRef(offset: authority, length: pathStart - authority, owned: false)
        if pathStart < end, line[pathStart] == 0x2F { return pathAndQuery(line, from: pathStart, to: end, into: &head) }
        let refusal = pathAndQuery(line, from: pathStart, to: end, into: &head)
        head.path = head.headers.store("/")
        return refusal
    }

    private static func pathAndQuery(
        _ line: UnsafeRawBufferPointer, from start: Int, to end: Int, into head: inout RequestHead
    ) -> HTTP1Refusal? {
        var pathEnd = start
        while pathEnd < end, line[pathEnd] != 0x3F {
            guard line[pathEnd] != 0x23 else { return fragment }
            pathEnd += 1
        }
        head.path = ByteRef(offset: start, length: pathEnd - start, owned: false)
        if pathEnd < end {
            // A `#` ends the query for those who split a URL at it, and belongs to it for the others.
            guard !line[pathEnd..<end].contains(0x23) else { return fragment }
            head.hasQuery = true
            head.query = ByteRef(offset: pathEnd + 1, length: end - pathEnd - 1, owned: false)
        }
        return nil
    }

    /// A target has no fragment: clients keep it to themselves (RFC 9112 §3.2.1).
    private static let fragment = HTTP1Refusal(400, "", "the target has a fragment", keepsConnection: true)
}
