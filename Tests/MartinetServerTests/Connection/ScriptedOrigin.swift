import NIOCore

/// How a test's server behaves.
struct ScriptedOrigin: Sendable {
    /// Makes, for each connection, what takes whole requests out of what has come and says what to send back.
    let connection: @Sendable () -> WireRecorder.Answer

    init(_ connection: @escaping @Sendable () -> WireRecorder.Answer) { self.connection = connection }

    /// Takes everything and says nothing.
    static let silent = ScriptedOrigin { { _ in [] } }

    /// Answers each request with that body.
    static func ok(_ body: String = "ok") -> ScriptedOrigin { answering { _ in okText(body) } }

    /// Answers each request, which has no body, with what `answer` makes of its head; not at all where that is nil.
    static func answering(_ answer: @escaping @Sendable (String) -> String?) -> ScriptedOrigin {
        ScriptedOrigin {
            { received in
                var replies: [WireRecorder.Reply] = []
                while let head = received.takeHead() {
                    if let text = answer(head) { replies.append(.text(text)) }
                }
                return replies
            }
        }
    }

    /// An answer with that body.
    static func okText(_ body: String = "ok") -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}

extension ByteBuffer {
    /// The next request head without body that is whole.
    mutating func takeHead() -> String? {
        let text = String(buffer: self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let head = String(text[..<end.upperBound])
        moveReaderIndex(forwardBy: head.utf8.count)
        return head
    }
}
