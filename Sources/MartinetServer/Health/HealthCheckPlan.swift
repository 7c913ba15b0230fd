import MartinetCore

/// How one server is asked whether it is well. A value: a plan that is the same in the next configuration goes on undisturbed.
struct HealthCheckPlan: Sendable, Equatable {
    enum Mode: Sendable, Equatable {
        case http
        /// The health service of gRPC, <https://github.com/grpc/grpc/blob/master/doc/health-checking.md>.
        case grpc
    }

    /// A header line of the request.
    struct Header: Sendable, Equatable {
        var name: String
        var value: String
    }

    var mode: Mode
    /// Where the request goes: the server itself, or another port of it.
    var server: UpstreamServer
    var method: String
    /// Path and query.
    var target: String
    var host: String
    var headers: [Header]
    /// The status that means well; nil for 200 to 399.
    var status: UInt16?
    /// Nanoseconds; all positive.
    var interval: Int64
    var unhealthyInterval: Int64
    var timeout: Int64
    var followsRedirects: Bool
    /// For redirections to other origins; its TLS is used for those that want it.
    var transport: UpstreamTransport
    /// Why no request can be made of the options: the server counts as down, as in Traefik, and this is why.
    var fault: String?

    static func == (a: Self, b: Self) -> Bool {
        // Servers of the same pool are of the same origin and transport.
        a.mode == b.mode && a.server.pool == b.server.pool && a.server.url == b.server.url && a.method == b.method
            && a.target == b.target && a.host == b.host && a.headers == b.headers && a.status == b.status
            && a.interval == b.interval && a.unhealthyInterval == b.unhealthyInterval && a.timeout == b.timeout
            && a.followsRedirects == b.followsRedirects && a.transport == b.transport && a.fault == b.fault
    }

    /// Whether an answer with this status means that the server is well.
    func accepts(_ answer: UInt16) -> Bool {
        if let status { return answer == status }
        return (200..<400).contains(answer)
    }
}

/// A server whose health is checked: the plan, and what is told the outcome. Kept from one configuration to the next as long as
/// neither changes, and so is the check under way.
package final class HealthCheckTarget: Sendable {
    /// `name@provider` of the service.
    let service: String
    /// The server's URL as configured.
    let url: String
    let state: CandidateState
    let plan: HealthCheckPlan

    init(service: String, url: String, state: CandidateState, plan: HealthCheckPlan) {
        self.service = service
        self.url = url
        self.state = state
        self.plan = plan
    }

    func isSame(as other: HealthCheckTarget) -> Bool { state === other.state && plan == other.plan }
}
