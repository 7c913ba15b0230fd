package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Admits requests from some addresses only (Traefik's `ipAllowList`, formerly `ipWhiteList`).
///
/// A request whose address cannot be told (`X-Forwarded-For` shorter than `depth`, or no address there) is refused.
package final class IPAllowList: HTTPMiddleware {
    private let ranges: IPRangeSet
    private let strategy: IPStrategy
    private let status: UInt16

    /// Throws when there are no ranges, one cannot be read, or the status is none.
    package convenience init(_ options: IPAllowListOptions) throws(MiddlewareError) {
        try self.init(
            options.sourceRange, options.ipStrategy, status: options.rejectStatusCode, option: "ipAllowList")
    }

    package convenience init(_ options: IPWhiteListOptions) throws(MiddlewareError) {
        try self.init(options.sourceRange, options.ipStrategy, status: 0, option: "ipWhiteList")
    }

    private init(
        _ ranges: [String], _ strategy: IPStrategyOptions?, status: Int, option: String
    ) throws(MiddlewareError) {
        guard !ranges.isEmpty else {
            throw MiddlewareError("\(option).sourceRange is empty", remedy: "give the addresses and networks to admit")
        }
        let code = status == 0 ? 403 : UInt16(clamping: status)
        guard StatusText.reason(code) != nil, code >= 200 else {
            throw MiddlewareError(
                "\(option).rejectStatusCode: invalid HTTP status code \(status)",
                remedy: "give a standard one, such as 404")
        }
        self.ranges = try IPRangeSet.of(ranges, option: "\(option).sourceRange")
        self.strategy = try IPStrategy(strategy, option: "\(option).ipStrategy")
        self.status = code
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        if let address = strategy.address(exchange), ranges.contains(address) { return .proceed }
        return exchange.respondWithStatusText(status)
    }
}
