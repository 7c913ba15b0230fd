/// One server of a service: where it is and how to speak to it. Immutable; shared by all event loops.
package final class UpstreamServer: Sendable {
    package enum Scheme: String, Sendable {
        case http, https, h2c
    }

    /// The URL as configured, for logs and the API.
    package let url: String
    package let scheme: Scheme
    /// Host name or IP literal without brackets.
    package let host: String
    package let port: UInt16
    /// `host[:port]` as it stands in the URL: the Host header when `passHostHeader` is off.
    package let authority: String
    /// The URL's path, put before the request's when `preservePath` is on; else empty.
    package let pathPrefix: String
    /// Whether the backend gets the client's Host header (default true) or `authority`.
    package let passHostHeader: Bool
    package let transport: UpstreamTransport
    /// Index of the connection pool on every event loop; servers of the same origin and transport share one.
    package let pool: Int
    /// Whether it is an entry point of this very proxy, see ``Hops``. Default false.
    package let isOwnEntryPoint: Bool

    package init(
        url: String, scheme: Scheme, host: String, port: UInt16, authority: String, pathPrefix: String,
        passHostHeader: Bool, transport: UpstreamTransport, pool: Int, isOwnEntryPoint: Bool = false
    ) {
        self.url = url
        self.scheme = scheme
        self.host = host
        self.port = port
        self.authority = authority
        self.pathPrefix = pathPrefix
        self.passHostHeader = passHostHeader
        self.transport = transport
        self.pool = pool
        self.isOwnEntryPoint = isOwnEntryPoint
    }
}

/// A servers transport, ready for use: limits and deadlines of the connections to servers.
package struct UpstreamTransport: Sendable, Hashable {
    /// `name@provider`.
    package var name: String
    /// Time to connect, TLS included, in nanoseconds; 0 waits for ever. Default 30 s.
    package var dialTimeout: Int64 = 30_000_000_000
    /// Time from the whole request sent to the head of the answer, in nanoseconds; 0 waits for ever.
    package var responseHeaderTimeout: Int64 = 0
    /// How long an unused connection is kept, in nanoseconds; 0 for ever. Default 90 s.
    package var idleConnTimeout: Int64 = 90_000_000_000
    /// Silence after which an HTTP/2 connection is asked for a sign of life, in nanoseconds; 0, the default, never.
    package var readIdleTimeout: Int64 = 0
    /// How long that sign may take, in nanoseconds. Default 15 s.
    package var pingTimeout: Int64 = 15_000_000_000
    /// Unused connections kept for one server over all event loops; negative keeps none. Default 200.
    package var maxIdleConnsPerHost = 200
    /// TLS towards servers with the scheme `https`; nil for others.
    package var security: UpstreamSecurity?

    package init(name: String) {
        self.name = name
    }
}

/// TLS towards servers: something that only the module that makes connections looks into. Kept as long as nothing about it changes,
/// so two that are the same are one.
package struct UpstreamSecurity: Sendable, Hashable {
    package let policy: any AnyObject & Sendable

    package init(_ policy: any AnyObject & Sendable) { self.policy = policy }

    package static func == (a: Self, b: Self) -> Bool { a.policy === b.policy }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(policy)) }
}
