import NIOCore
import Testing

@testable import MartinetOperations

@Suite struct CanonicalNameTests {
    private func canonical(_ name: String) -> String {
        var out = ByteBuffer()
        Array(name.utf8).withUnsafeBytes { CanonicalName.write($0, to: &out) }
        return String(buffer: out)
    }

    @Test(
        arguments: [
            ("x-forwarded-FOR", "X-Forwarded-For"), ("X_low-er", "X_low-Er"),
            ("sec-websocket-key", "Sec-Websocket-Key"),
            ("a--b-", "A--B-"), ("1a", "1a"), ("", ""),
        ])
    func isGosSpelling(name: String, text: String) {
        #expect(canonical(name) == text)
    }

    @Test func whatIsNoTokenIsEscaped() {
        #expect(canonical("a\"\n") == #"a\"\n"#)
    }

    @Test(
        arguments: [
            ("x-a", "X-A", 0), ("a", "b", -1), ("B", "a", 1), ("a", "a-b", -1), ("x_a", "x-a", 1), ("", "", 0),
            // `X_low` after `X-Two`: an underscore comes after capitals and dashes.
            ("X_low", "x-two", 1),
        ])
    func comparesAsTheBytesOfThatSpelling(a: String, b: String, order: Int) {
        let found = Array(a.utf8).withUnsafeBytes { left in
            Array(b.utf8).withUnsafeBytes { CanonicalName.compare(left, $0) }
        }
        #expect(found.signum() == order)
    }
}
