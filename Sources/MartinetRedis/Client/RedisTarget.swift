/// What a connection is made to.
enum RedisTarget: Hashable, Sendable, CustomStringConvertible {
    case server(RedisAddress)
    /// Whichever server the sentinels say is the master.
    case master(RedisSentinelSettings)

    var description: String {
        switch self {
        case .server(let address): "\(address)"
        case .master(let sentinel): "master \(sentinel.master)"
        }
    }
}
