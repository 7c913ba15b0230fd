import MartinetConfig
import MartinetCore
import MartinetHTTP

/// What requests are told apart by when they are counted (Traefik's `sourceCriterion`).
struct SourceCriterion: Sendable {
    private enum Kind: Sendable {
        case address(IPStrategy)
        case header(String)
        case host
    }

    private let kind: Kind

    /// Throws when more than one criterion is given, or an address strategy is no good. Without any, the host counts if
    /// `defaultsToHost`, else the peer's address.
    init(_ options: SourceCriterionOptions?, option: String, defaultsToHost: Bool) throws(MiddlewareError) {
        let given = [
            options?.ipStrategy == nil ? nil : "ipStrategy",
            options?.requestHeaderName.isEmpty == false ? "requestHeaderName" : nil,
            options?.requestHost == true ? "requestHost" : nil,
        ].compactMap(\.self)
        guard given.count <= 1 else {
            throw MiddlewareError(
                "\(option).sourceCriterion: \(given.joined(separator: " and ")) are mutually exclusive",
                remedy: "give one")
        }
        if let name = options?.requestHeaderName, !name.isEmpty {
            kind = .header(name)
        } else if options?.requestHost == true || given.isEmpty && defaultsToHost {
            kind = .host
        } else {
            kind = .address(try IPStrategy(options?.ipStrategy, option: "\(option).sourceCriterion.ipStrategy"))
        }
    }

    /// A number that stands for the source of the request. The host counts as it was sent, port and letter case included; of a header
    /// its first line; a header that is missing counts as an empty one.
    func key(_ exchange: Exchange) -> UInt64 {
        switch kind {
        case .address(let strategy): return strategy.key(exchange)
        case .host: return exchange.request.headers.withBytes(exchange.request.host) { SourceKey.make($0) }
        case .header(let name): return Self.key(exchange.request.headers, name)
        }
    }

    /// The source in words, as Traefik writes it, for accounts that several proxies share. Empty when there is none.
    func text(_ exchange: Exchange) -> [UInt8] {
        switch kind {
        case .address(let strategy): return strategy.text(exchange)
        case .host: return exchange.request.headers.withBytes(exchange.request.host) { Array($0) }
        case .header(let name):
            guard let index = exchange.request.headers.firstIndex(name: name) else { return [] }
            return exchange.request.headers.withBytes(exchange.request.headers.entries[index].value) { Array($0) }
        }
    }

    private static func key(_ headers: borrowing HeaderBlock, _ name: String) -> UInt64 {
        guard let index = headers.firstIndex(name: name) else {
            return SourceKey.make(UnsafeRawBufferPointer(start: nil, count: 0))
        }
        return headers.withBytes(headers.entries[index].value) { SourceKey.make($0) }
    }
}
