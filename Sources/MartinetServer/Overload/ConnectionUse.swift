/// What a client's connection is being used for, to those who look for one to give up.
enum ConnectionUse: Equatable {
    /// All has been said; the connection is kept only until the client has read it.
    case ending
    /// A request is being served, or a tunnel is open.
    case busy
    /// Nothing since that uptime: the client may send another request.
    case idle(since: UInt64)
    /// The client has not yet sent a whole first request; the connection was made at that uptime.
    case beginning(since: UInt64)
}
