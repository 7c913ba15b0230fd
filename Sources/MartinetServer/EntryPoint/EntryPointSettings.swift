package import MartinetCore
package import MartinetHTTP

/// One entry point, ready for the request path. Immutable; shared by all event loops.
package final class EntryPoint: Sendable {
    package let settings: EntryPointSettings

    package init(_ settings: EntryPointSettings) {
        self.settings = settings
    }
}

/// An entry point's options in the form the request path wants them.
package struct EntryPointSettings: Sendable {
    /// Durations in nanoseconds.
    package struct Timeouts: Sendable {
        /// For a whole request, body included; 0 for ever. Default 60 s.
        package var read: UInt64 = 60_000_000_000
        /// From the end of the request to the end of the answer; 0 for ever. Default 0.
        package var write: UInt64 = 0
        /// How long a connection may wait for its next request; 0 for ever. Default 180 s.
        package var idle: UInt64 = 180_000_000_000
        /// Keep accepting this long after the signal to stop. Default 0.
        package var acceptGrace: UInt64 = 0
        /// Then let requests finish this long. Default 10 s.
        package var grace: UInt64 = 10_000_000_000
        /// How long an HTTP/2 client may take to answer the PING behind the announcement that its connection ends. One second, as in Go;
        /// a round trip would do.
        package var farewell: UInt64 = 1_000_000_000
        /// How long the answer to a client that has closed its direction may take to begin: the client may be gone altogether. One second.
        package var halfClosed: UInt64 = 1_000_000_000

        package init() {}
    }

    /// What to do with names such as `X_Auth_User` that some backends read as `X-Auth-User`.
    package enum AliasHeaders: String, Sendable {
        case keep, delete, reject
    }

    package struct ForwardedHeaders: Sendable {
        /// Believe `X-Forwarded-*` of any client.
        package var insecure = false
        /// Believe those of these peers.
        package var trusted = IPRangeSet([IPRange]())
        /// Names a client's Connection header may remove although they are the proxy's own.
        package var connection: [String] = []
        /// Whether the peer is appended to `X-Forwarded-For`.
        package var appendsFor = true

        package init() {}
    }

    /// Whose PROXY protocol headers are believed. Those of others are taken off the connection and ignored.
    package struct ProxyProtocol: Sendable {
        /// Any peer's.
        package var insecure = false
        /// These peers'.
        package var trusted = IPRangeSet([IPRange]())

        package init() {}
    }

    package var name: String
    /// Index in the loops' routing tables.
    package var number: Int
    /// Address to listen on; empty for all.
    package var host: String
    package var port: UInt16
    package var reusePort = false
    /// Whether it is for the operator, who must get through when there are too many clients.
    package var isReserved = false
    package var timeouts = Timeouts()
    package var limits = HTTP1Limits()
    package var http2 = HTTP2Limits()
    package var forwarded = ForwardedHeaders()
    /// Nil: connections begin with what the client sends.
    package var proxyProtocol: ProxyProtocol?
    package var aliasHeaders = AliasHeaders.keep
    package var sanitizePath = true
    package var encodesQuerySemicolons = false
    package var encodedCharacters = EncodedCharacterPolicy.all
    /// Whether requests no router matches are in the access log.
    package var logsUnrouted = true
    /// Requests on one connection before it is closed; 0: no bound.
    package var keepAliveMaxRequests = 0
    /// Nanoseconds a connection may live before it is closed after an answer; 0: no bound.
    package var keepAliveMaxTime: UInt64 = 0

    package init(name: String, number: Int, host: String, port: UInt16) {
        self.name = name
        self.number = number
        self.host = host
        self.port = port
    }
}
