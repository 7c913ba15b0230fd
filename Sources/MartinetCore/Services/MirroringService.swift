import MartinetHTTP
import NIOCore
import Synchronization

/// A service whose requests are copied to others, of whose answers nobody hears.
///
/// A copy is sent once the client has its answer, so that it can neither delay nor break it. Only what a copy needs is held on to: a
/// body is collected while it goes to the main service, and given up when it grows too long.
package final class MirroringService: HTTPService, PassageOwner {
    /// A service that gets copies.
    package struct Mirror: Sendable {
        package let service: any HTTPService
        /// Share of the requests, 0 to 100.
        package let percent: Int

        package init(service: any HTTPService, percent: Int) {
            self.service = service
            self.percent = percent
        }
    }

    package let name: String
    package let main: any HTTPService
    package let mirrors: [Mirror]
    package let reportsStatus: Bool
    private let copiesBody: Bool
    private let maxBody: Int?
    private let served = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - copiesBody: Traefik's mirrorBody, default true.
    ///   - maxBody: a request with a longer body, in bytes, is not copied at all; nil for any.
    ///   - reportsStatus: whether the state of `main` is handed on to whoever uses this service.
    package init(
        name: String, main: any HTTPService, mirrors: [Mirror], copiesBody: Bool = true, maxBody: Int? = nil,
        reportsStatus: Bool = false
    ) {
        self.name = name
        self.main = main
        self.mirrors = mirrors
        self.copiesBody = copiesBody
        self.maxBody = maxBody
        self.reportsStatus = reportsStatus
    }

    package var isUp: Bool { main.isUp }

    package func serve(_ exchange: Exchange) -> ServiceOutcome {
        // Which hundredth of the requests this one is in is all that the shares depend on.
        let number = Int(served.wrappingAdd(1, ordering: .relaxed).oldValue % 100)
        if mirrors.contains(where: { Self.copies(number, percent: $0.percent) }), !exchange.request.wantsUpgrade,
            let budget = exchange.driver?.copyBudget
        {
            var passage = ServicePassage(owner: self)
            passage.choice = number
            let head = exchange.request.copy()
            let copy = copiesBody ? RequestCopy(head: head, limit: maxBody, budget: budget) : RequestCopy(head: head)
            passage.copy = copy
            exchange.begin(passage)
            if copiesBody { exchange.driver?.collectBody(in: copy) }
        }
        return main.take(exchange)
    }

    /// Whether the request of that number (from 0) is copied to one that gets `percent` of them: the first, and from then on as evenly
    /// as whole requests can be, as in Traefik.
    static func copies(_ number: Int, percent: Int) -> Bool {
        func share(_ count: Int) -> Int { (count * percent + 99) / 100 }
        return share(number) < share(number + 1)
    }

    package func ended(_ exchange: Exchange, _ passage: ServicePassage, isAnswered: Bool) {
        guard let copy = passage.copy else { return }
        exchange.copies.removeAll { $0 === copy }
        // A client that left, or an attempt that is made again, leaves nothing to copy.
        guard isAnswered else { return }
        for mirror in mirrors where Self.copies(passage.choice, percent: mirror.percent) {
            exchange.driver?.send(copy, to: mirror.service)
        }
    }
}
