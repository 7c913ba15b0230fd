/// A command on its way, with who waits for its answer. Belongs to one event loop.
struct RedisRequest {
    typealias Completion = (Result<RESPValue, RedisError>) -> Void

    let command: RedisCommand
    /// The connection it was sent on was lost once; it is sent again once only.
    var wasLost = false
    /// Called once.
    let completion: Completion

    init(_ command: RedisCommand, completion: @escaping Completion) {
        self.command = command
        self.completion = completion
    }
}
