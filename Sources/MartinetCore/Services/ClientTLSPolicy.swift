package import NIOCore

/// TLS towards servers, for those who make connections of their own. Immutable, shared by all event loops.
package protocol ClientTLSPolicy: AnyObject, Sendable {
    /// The handlers that stand next to the socket of one connection. Throws when no connection must be made.
    ///
    /// - Parameter host: a name or an address, which the server's certificate must hold.
    func makeHandlers(host: String) throws -> [any ChannelHandler]
}
