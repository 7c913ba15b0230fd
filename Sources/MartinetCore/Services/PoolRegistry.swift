/// Gives each pair of origin and transport a small number, so that finding its connection pool is indexing an array.
///
/// Numbers are never reused: pools of origins that come back find their old connections, and a late request of an old
/// configuration never lands on another origin. Owned by the routing compiler.
package struct PoolRegistry: Sendable {
    private struct Key: Hashable, Sendable {
        var scheme: UpstreamServer.Scheme
        var host: String
        var port: UInt16
        var transport: UpstreamTransport
    }

    private var numbers: [Key: Int] = [:]

    package init() {}

    package mutating func number(
        scheme: UpstreamServer.Scheme, host: String, port: UInt16, transport: UpstreamTransport
    ) -> Int {
        let key = Key(scheme: scheme, host: host, port: port, transport: transport)
        if let number = numbers[key] { return number }
        let number = numbers.count
        numbers[key] = number
        return number
    }
}
