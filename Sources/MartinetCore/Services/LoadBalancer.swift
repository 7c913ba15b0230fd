import MartinetHTTP
import NIOCore

/// A service that spreads requests over servers.
package final class LoadBalancer: HTTPService, PassageOwner {
    /// A server and what the balancer has to know of it.
    package struct Member: Sendable {
        package let server: UpstreamServer
        package let weight: Int
        package let isFenced: Bool
        package let state: CandidateState

        package init(
            server: UpstreamServer, weight: Int = 1, isFenced: Bool = false, state: CandidateState = .untouched
        ) {
            self.server = server
            self.weight = weight
            self.isFenced = isFenced
            self.state = state
        }
    }

    package let name: String
    /// In the order configured, those of weight zero, which get no requests, included.
    package let servers: [UpstreamServer]
    package let reportsStatus: Bool
    private let candidates: [Candidate]
    private let strategy: any BalancingStrategy
    private let sticky: StickyCookie?
    /// Whether each request is to be followed: strategies count, passive health checks watch.
    private let watches: Bool

    /// - Parameters:
    ///   - strategy: makes what chooses; default round robin.
    ///   - sticky: values are the places of `members`.
    ///   - reportsStatus: whether a service that uses this one hears when all servers are down; health checks say so.
    package init(
        name: String, members: [Member], sticky: StickyCookie? = nil, reportsStatus: Bool = false,
        strategy: ([Candidate]) -> any BalancingStrategy = { RoundRobinStrategy(candidates: $0) }
    ) {
        self.name = name
        self.sticky = sticky
        self.reportsStatus = reportsStatus
        servers = members.map(\.server)
        candidates = members.map {
            Candidate(name: $0.server.url, weight: $0.weight, isFenced: $0.isFenced, state: $0.state)
        }
        self.strategy = strategy(candidates)
        watches = self.strategy.watchesRequests || members.contains { $0.state.failures != nil }
    }

    /// Whether any server with a weight is up.
    package var isUp: Bool { candidates.contains { $0.weight > 0 && $0.isUp } }

    /// Whether each server is up, by its URL.
    package var serverStatus: [String: Bool] {
        var status: [String: Bool] = [:]
        for candidate in candidates { status[candidate.name] = candidate.isUp }
        return status
    }

    /// Forwards to the server that the client's cookie names, or else to the one whose turn it is; without servers the answer is 503
    /// in plain text, as Traefik gives it, and 508 for a request that goes round in circles.
    package func serve(_ exchange: Exchange) -> ServiceOutcome {
        let choice: Int
        var setsCookie = sticky != nil
        if let sticky, let kept = sticky.choice(of: exchange.request.headers), candidates[kept.place].isUp {
            choice = kept.place
            setsCookie = kept.isOutdated
        } else {
            guard let picked = strategy.pick(client: exchange.connection.peerText) else {
                _ = exchange.respondWithPlainText(503, "no available server")
                return .respond
            }
            choice = picked
        }
        let server = servers[choice]
        guard !exchange.loops(through: server) else {
            _ = exchange.respondWithStatusText(508)
            return .respond
        }
        if setsCookie || watches { follow(exchange, choice, setsCookie: setsCookie) }
        return .forward(server)
    }

    private func follow(_ exchange: Exchange, _ choice: Int, setsCookie: Bool) {
        var passage = ServicePassage(owner: self)
        passage.choice = choice
        passage.setsCookie = setsCookie
        if candidates[choice].state.responseTimes != nil { passage.started = NIODeadline.now().uptimeNanoseconds }
        if watches { candidates[choice].state.begin() }
        exchange.begin(passage)
    }

    // MARK: Passages

    package func answered(_ exchange: Exchange, _ passage: ServicePassage) -> PassageVerdict {
        if passage.setsCookie { sticky?.set(passage.choice, in: &exchange.response.headers) }
        guard watches, !exchange.isLocalResponse else { return .proceed }
        let state = candidates[passage.choice].state
        if let times = state.responseTimes {
            times.record(nanoseconds: NIODeadline.now().uptimeNanoseconds &- passage.started)
        }
        if let failures = state.failures {
            if exchange.response.status >= 500 { noteFailure(of: state) } else { failures.succeeded() }
        }
        return .proceed
    }

    package func failed(_ exchange: Exchange, _ passage: ServicePassage, _ error: UpstreamError) -> PassageVerdict {
        // A client that leaves says nothing about the server.
        if error.reason != .clientGone { noteFailure(of: candidates[passage.choice].state) }
        return .proceed
    }

    package func ended(_ exchange: Exchange, _ passage: ServicePassage, isAnswered: Bool) {
        if watches { candidates[passage.choice].state.end() }
    }

    /// A passive health check: too many failures keep a server out, for a while, or until an active check finds it well.
    private func noteFailure(of state: CandidateState) {
        guard let failures = state.failures else { return }
        let now = NIODeadline.now().uptimeNanoseconds
        guard failures.failed(now: now) else { return }
        if reportsStatus { state.set(isUp: false) } else { state.bar(until: now &+ failures.window) }
    }
}
