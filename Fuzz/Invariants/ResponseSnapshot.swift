import MartinetHTTP

/// Everything a response head says, copied out of its arenas.
struct ResponseSnapshot: Equatable {
    let status: UInt16
    let version: HTTPVersion
    let reason: [UInt8]
    let framing: BodyFraming
    let keepAlive: Bool
    let lines: [FieldLine]

    init(_ head: borrowing ResponseHead) {
        status = head.status
        version = head.version
        reason = head.headers.copy(head.reason)
        framing = head.framing
        keepAlive = head.keepAlive
        lines = head.headers.lines()
    }
}
