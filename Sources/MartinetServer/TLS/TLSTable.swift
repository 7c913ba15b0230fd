package import MartinetCore

/// Which TLS options and which certificate the connections of one entry point get. Immutable; a reload puts another in its place.
///
///     SNI ─► exact host ─► *.parent ─► `*` ─► `default`       options: from the hosts of routers with TLS
///     SNI ─► ``CertificateStore``                             certificate: whatever the options
///
/// A connection without SNI is judged by `*`, else `default`.
package final class TLSTable: Sendable {
    /// What a host is served under; nil when its options are broken, and then its connections are closed.
    private let policies: [ServerTLSPolicy?]
    private let hosts: ByteTable
    private let hasWildcards: Bool
    /// For hosts that no router names.
    private let fallback: ServerTLSPolicy?
    /// Whether every host has the options `default`: then there is nothing to compare.
    private let isUniform: Bool
    private let store: CertificateStore
    /// `allowACMEByPass` of the entry point: whether challenge handshakes are left to the routers.
    private let allowsACMEByPass: Bool

    private static let exact: UInt32 = 0
    private static let wildcard: UInt32 = 1

    /// - Parameters:
    ///   - hosts: options by host (`a.example`, `*.example`, `*`); nil for broken ones.
    ///   - fallback: the options `default`; nil when they are broken.
    init(
        hosts: [String: ServerTLSPolicy?], fallback: ServerTLSPolicy?, store: CertificateStore, allowsACMEByPass: Bool
    ) {
        self.store = store
        self.allowsACMEByPass = allowsACMEByPass
        self.fallback = hosts["*"] ?? fallback
        var table = ByteTable(minimumCapacity: hosts.count)
        var policies: [ServerTLSPolicy?] = []
        var hasWildcards = false
        for (host, policy) in hosts where host != "*" {
            let isWildcard = host.hasPrefix("*.")
            hasWildcards = hasWildcards || isWildcard
            let key = Array(host.utf8.dropFirst(isWildcard ? 2 : 0))
            let number = table.number(of: key, in: isWildcard ? Self.wildcard : Self.exact)
            // Keys are given once each, so numbers come in order.
            if number == policies.count { policies.append(policy) }
        }
        self.hosts = table
        self.policies = policies
        self.hasWildcards = hasWildcards
        isUniform = (policies + [self.fallback]).allSatisfy { $0?.name == ServerTLSPolicy.defaultName }
    }

    // MARK: Handshakes

    /// - Parameter localAddress: where the client connected to: the name of connections without one.
    package func decide(_ hello: ClientHello, localAddress: IPAddress? = nil) -> TLSDecision {
        if hello.isACMEChallenge, !allowsACMEByPass { return .refuse(.unrecognizedName) }
        guard let policy = policy(forServerName: hello.serverName) else { return .close }
        let certificate = store.choose(
            name: hello.serverName, localAddress: localAddress, abilities: hello.abilities)
        if certificate == nil, policy.refusesUnknownNames { return .refuse(.unrecognizedName) }
        guard Self.agree(policy.applicationProtocols, hello.protocols) else { return .refuse(.noApplicationProtocol) }
        return .serve(policy, certificate ?? store.fallback)
    }

    /// The options of connections for `name` (lower case, nil without SNI); nil when they are broken.
    package func policy(forServerName name: String?) -> ServerTLSPolicy? {
        guard var name else { return fallback }
        return name.withUTF8 { policy(for: UnsafeRawBufferPointer($0)) }
    }

    /// Whether there is a protocol in common, or none was asked for. As in Go, a client of HTTP/1.1 may come to a server that has
    /// HTTP/2 in its list, whatever else is there: it goes on without a protocol agreed on.
    private static func agree(_ ours: [String], _ theirs: [String]?) -> Bool {
        guard let theirs else { return true }
        return theirs.contains { ours.contains($0) || ($0 == "http/1.1" && ours.contains("h2")) }
    }

    // MARK: Requests

    /// Whether a request for `host` may be served on a connection made under `connection`: else it is to be answered with 421, or
    /// a client could reach a host around what its options ask of clients.
    ///
    /// Compares names, as Traefik does: a connection outlives changes of its
    /// options. Costs one comparison as long as all hosts have the options `default`, else a lookup or two; allocates nothing.
    /// - Parameter host: of the request, in lower case, without port and trailing dot.
    @inline(__always)
    package func admits(_ connection: ServerTLSPolicy, host: UnsafeRawBufferPointer) -> Bool {
        if isUniform, connection === fallback { return true }
        return compare(connection, host)
    }

    @inline(never)
    private func compare(_ connection: ServerTLSPolicy, _ host: UnsafeRawBufferPointer) -> Bool {
        guard let policy = policy(for: host) else { return false }
        return policy === connection || policy.name == connection.name
    }

    private func policy(for host: UnsafeRawBufferPointer) -> ServerTLSPolicy? {
        if policies.isEmpty { return fallback }
        if let number = find(host, in: Self.exact) { return policies[number] }
        if hasWildcards, let dot = host.firstIndex(of: UInt8(ascii: ".")), dot > 0,
            let number = find(UnsafeRawBufferPointer(rebasing: host[(dot + 1)...]), in: Self.wildcard)
        {
            return policies[number]
        }
        return fallback
    }

    private func find(_ key: UnsafeRawBufferPointer, in scope: UInt32) -> Int? {
        var hash = ByteTable.Hash()
        hash.add(key)
        return hosts.find(key, in: scope, hash: hash.value(in: scope))
    }
}
