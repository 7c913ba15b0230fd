/// A service that wants to know what becomes of a request it passed on: to set a cookie, to count, to try elsewhere.
///
/// It begins a passage with ``Exchange/begin(_:)`` before it passes the request on. Then it hears of each answer and each failure, and
/// once of the end. All on the event loop of the request.
package protocol PassageOwner: AnyObject, Sendable {
    /// An answer's head is in ``Exchange/response``: the server's, or one of our own made further in. Called from the inside out,
    /// between the middlewares that stand inside of the service and those outside.
    func answered(_ exchange: Exchange, _ passage: ServicePassage) -> PassageVerdict
    /// The server could not be had. A local answer follows through ``answered(_:_:)`` unless someone does something about it.
    func failed(_ exchange: Exchange, _ passage: ServicePassage, _ error: UpstreamError) -> PassageVerdict
    /// The request is over, or is going elsewhere. `isAnswered`: the client has the whole answer, or one that another service gives in
    /// the place of this one's; not when it left, or when the same is tried again.
    func ended(_ exchange: Exchange, _ passage: ServicePassage, isAnswered: Bool)
}

extension PassageOwner {
    package func answered(_ exchange: Exchange, _ passage: ServicePassage) -> PassageVerdict { .proceed }
    package func failed(_ exchange: Exchange, _ passage: ServicePassage, _ error: UpstreamError) -> PassageVerdict {
        .proceed
    }
    package func ended(_ exchange: Exchange, _ passage: ServicePassage, isAnswered: Bool) {}
}

/// What the owner of a passage decides about an answer.
package enum PassageVerdict {
    case proceed
    /// Throw it away and ask that service, with the request as it was when the passage began (``RequestCopy``).
    case divert(any HTTPService)
}

/// What a service notes about a request it passed on.
package struct ServicePassage {
    package let owner: any PassageOwner
    /// Which of its candidates got the request; meaningless to services that have none.
    package var choice = 0
    /// Whether the answer gets the cookie that names the choice.
    package var setsCookie = false
    /// When it began: uptime in nanoseconds, for owners that measure.
    package var started: UInt64 = 0
    /// The request as it was when the passage began, for owners that need it again.
    package var copy: RequestCopy?
    /// How many middlewares of the chain are outside of it. Set by ``Exchange/begin(_:)``.
    package fileprivate(set) var depth = 0

    package init(owner: any PassageOwner) {
        self.owner = owner
    }
}

extension Exchange {
    /// Has the owner hear what becomes of the request.
    package func begin(_ passage: ServicePassage) {
        var passage = passage
        passage.depth = chain.count
        passages.append(passage)
    }

    /// Ends the passages from `place` on, innermost first.
    package func endPassages(from place: Int, isAnswered: Bool) {
        while passages.count > place, let last = passages.popLast() {
            last.owner.ended(self, last, isAnswered: isAnswered)
        }
    }

    /// Ends the passages that are inside of the middleware at `index`: it sends the request again, or has an answer of its own.
    package func endPassages(inside index: Int, isAnswered: Bool) {
        endPassages(from: passages.firstIndex { $0.depth > index } ?? passages.count, isAnswered: isAnswered)
    }
}
