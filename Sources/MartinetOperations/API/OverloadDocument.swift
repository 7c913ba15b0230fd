import MartinetConfig

/// How much the process has to do, in `/api/overview`; an addition to Traefik's members.
package struct OverloadDocument: Sendable {
    /// `calm`, `trimming`, `closing`, `refusing` or `shut` (`docs/overload.md`).
    private let level: String
    /// Connections of clients now, and how many there may be.
    private let connections: Int
    private let connectionLimit: Int
    private let serverConnections: Int

    package init(level: String, connections: Int, connectionLimit: Int, serverConnections: Int) {
        self.level = level
        self.connections = connections
        self.connectionLimit = connectionLimit
        self.serverConnections = serverConnections
    }

    var json: JSONValue {
        .object([
            .init("level", .string(level)), .init("connections", .int(Int64(connections))),
            .init("connectionLimit", .int(Int64(connectionLimit))),
            .init("serverConnections", .int(Int64(serverConnections))),
        ])
    }
}
