import MartinetHTTP

/// Everything a request head says, copied out of its arenas.
struct RequestSnapshot: Equatable {
    let method: HTTPMethod
    let methodBytes: [UInt8]
    let version: HTTPVersion
    let target: [UInt8]
    let path: [UInt8]
    let query: [UInt8]?
    let host: [UInt8]
    let framing: BodyFraming
    let keepAlive: Bool
    let expectsContinue: Bool
    let wantsUpgrade: Bool
    let lines: [FieldLine]

    init(_ head: borrowing RequestHead) {
        method = head.method
        methodBytes = head.headers.copy(head.methodBytes)
        version = head.version
        target = head.headers.copy(head.target)
        path = head.headers.copy(head.path)
        query = head.hasQuery ? head.headers.copy(head.query) : nil
        host = head.headers.copy(head.host)
        framing = head.framing
        keepAlive = head.keepAlive
        expectsContinue = head.expectsContinue
        wantsUpgrade = head.wantsUpgrade
        lines = head.headers.lines()
    }
}
