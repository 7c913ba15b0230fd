package import MartinetConfig

/// Makes middlewares out of their options: the catalogue, as the compiler sees it.
package protocol MiddlewareFactory: Sendable {
    /// Why a middleware with these options cannot be had in this version; nil when it can.
    func unavailableReason(_ options: MiddlewareOptions) -> String?
    /// Builds one middleware that is not a chain. Throws with a reason fit for the API.
    func make(_ options: MiddlewareOptions, context: MiddlewareContext) throws -> any HTTPMiddleware
}

/// What a middleware may need besides its options.
package struct MiddlewareContext {
    /// `name@provider`.
    package let name: String
    /// Gives the service of that name, for middlewares that ask one; throws with the reason why it cannot be had.
    package let service: (String) throws -> any HTTPService
    /// Gives a server for a URL that is not part of any service, for middlewares that ask one, with these options for `https`; nil:
    /// the system's authorities, nothing else.
    package let server: (String, ClientTLSOptions?) throws -> UpstreamServer
    /// Gives TLS towards servers that do not speak HTTP, for middlewares that ask one.
    package let tls: (ClientTLSOptions) throws -> any ClientTLSPolicy
    /// Gives what is in a file; nil when it cannot be read. The middleware is made anew when that changes.
    package let file: (String) -> [UInt8]?

    package init(
        name: String, service: @escaping (String) throws -> any HTTPService,
        server: @escaping (String, ClientTLSOptions?) throws -> UpstreamServer,
        tls: @escaping (ClientTLSOptions) throws -> any ClientTLSPolicy,
        file: @escaping (String) -> [UInt8]?
    ) {
        self.name = name
        self.service = service
        self.server = server
        self.tls = tls
        self.file = file
    }
}
