package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Bounds how many requests of a source are under way at once, over all event loops together (Traefik's `inFlightReq`). One too many
/// is a 429. A request counts until its answer is written or given up, an upgraded connection until it ends.
package final class InFlightReq: StatefulMiddleware {
    package let phases: MiddlewarePhases = .finished
    private let amount: UInt64
    private let criterion: SourceCriterion
    private let refusal: String
    private let counts = SourceTable()

    /// Throws when the source criterion is no good.
    package init(_ options: InFlightReqOptions) throws(MiddlewareError) {
        amount = UInt64(max(0, options.amount))
        refusal = "max connections reached: \(options.amount)"
        criterion = try SourceCriterion(options.sourceCriterion, option: "inFlightReq", defaultsToHost: true)
    }

    private init(like other: InFlightReq) {
        amount = other.amount
        refusal = other.refusal
        criterion = other.criterion
    }

    package func fresh() -> any HTTPMiddleware { InFlightReq(like: self) }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        // Another attempt of a request that is counted already.
        guard exchange.mark(of: self) == nil else { return .proceed }
        var admitted = false
        let index = counts.update(criterion.key(exchange), idleUpTo: 0) { count in
            admitted = count < amount
            return admitted ? .store(count + 1) : .leave
        }
        guard let index, admitted else {
            exchange.setLocalResponse(429)
            exchange.setLocalBody(refusal)
            return .respond
        }
        exchange.setMark(UInt64(index.value), of: self)
        return .proceed
    }

    package func finished(_ exchange: Exchange) {
        guard let index = exchange.mark(of: self) else { return }
        exchange.setMark(nil, of: self)
        counts.decrement(SourceTable.Index(value: Int(index)))
    }
}
