/// One of those that a balancer chooses from: a server or a service. Immutable but for its ``state``; shared by all event loops.
package final class Candidate: Sendable {
    /// The server's URL, or the service's name as the configuration spells it: what cookies and hashes are made of.
    package let name: String
    /// Share of the requests; zero or less: none.
    package let weight: Int
    /// Still serving those it has, and taking no new ones (a Kubernetes endpoint that terminates). Its sticky clients stay.
    package let isFenced: Bool
    package let state: CandidateState
    /// The service whose status counts instead of ``state``; nil when the balancer is not told of it.
    private let service: (any HTTPService)?

    package init(
        name: String, weight: Int = 1, isFenced: Bool = false, state: CandidateState = .untouched,
        statusOf service: (any HTTPService)? = nil
    ) {
        self.name = name
        self.weight = weight
        self.isFenced = isFenced
        self.state = state
        self.service = service
    }

    package var isUp: Bool { service?.isUp ?? state.isUp }

    /// Whether a request may go to it that belongs nowhere yet.
    package var isAvailable: Bool { weight > 0 && !isFenced && isUp }
}
