import MartinetHTTP
import NIOCore
import Testing

@Suite struct TargetTests {
    private func normalized(_ path: String, sanitize: Bool = true) -> String? {
        var head = RequestHead()
        head.setPath(path)
        return PathNormalizer.normalize(&head, sanitize: sanitize) ? head.pathString : nil
    }

    @Test(arguments: [
        ("/", "/"), ("/a/b", "/a/b"), ("/a/", "/a/"), ("//a//b", "/a/b"), ("/a/./b", "/a/b"), ("/a/../b", "/b"),
        ("/..", "/"),
        ("/a/..", "/"), ("/a/%2e%2E/b", "/b"), ("/a/../b//c/%2e%2E/d%2fe%41%7e%5b", "/b/d%2FeA~%5B"),
        ("/a%2fb", "/a%2Fb"),
        ("/a\\b", "/a%5Cb"), ("/...", "/..."), ("/.a", "/.a"),
    ])
    func pathsAreBroughtIntoOneForm(_ path: String, _ expected: String) {
        #expect(normalized(path) == expected)
    }

    @Test(arguments: ["/%", "/%z", "/%zz", "/a%4"]) func brokenEscapesAreRefused(_ path: String) {
        #expect(normalized(path) == nil)
    }

    @Test func withoutSanitizingDotSegmentsStay() {
        #expect(normalized("/a/../b//c", sanitize: false) == "/a/../b//c")
    }

    @Test(arguments: [("/a%20b", "/a b"), ("/a%2Fb", "/a%2Fb"), ("/a%25b", "/a%25b"), ("/%C3%A9", "/é")])
    func routingPathsKeepReservedEscapes(_ path: String, _ expected: String) {
        var out = ByteBuffer()
        var path = path
        let decoded = path.withUTF8 { RoutingPath.write(UnsafeRawBufferPointer($0), to: &out) }
        #expect(decoded)
        #expect(String(buffer: out) == expected)
    }

    @Test(arguments: [
        ("A.Test", "a.test"), ("a.test:80", "a.test"), ("a.test.", "a.test"), ("a.test.:80", "a.test"),
        ("[::1]:80", "::1"),
        ("[::1]", "::1"), ("", ""),
    ])
    func hostsLosePortAndCase(_ host: String, _ expected: String) {
        var out = ByteBuffer()
        var host = host
        host.withUTF8 { HostName.write(UnsafeRawBufferPointer($0), to: &out) }
        #expect(String(buffer: out) == expected)
    }
}
