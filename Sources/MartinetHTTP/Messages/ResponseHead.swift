/// A response without its body.
package struct ResponseHead: ~Copyable {
    /// 100 to 999.
    package var status: UInt16 = 200
    package var version: HTTPVersion = .http11
    /// The reason phrase; empty means the standard one for `status`.
    package var reason: ByteRef = .empty
    package var headers = HeaderBlock()
    package var framing: BodyFraming = .none
    /// Whether the connection it came on may be used again once the body is read.
    package var keepAlive = true

    package init() {}

    package var isInformational: Bool { status < 200 }
}
