package import MartinetCore
import MartinetHTTP
import Synchronization

/// `ping@internal`: 200 `OK` while the process serves, another status once it has been told to stop, so that balancers in front
/// send no more.
package final class PingHandler: HTTPService {
    package let name = "ping@internal"
    private let terminating = Atomic<Bool>(false)
    private let terminatingStatus: UInt16

    /// `terminatingStatus`: Traefik's `ping.terminatingStatusCode`, default 503.
    package init(terminatingStatus: UInt16) {
        self.terminatingStatus = terminatingStatus
    }

    package func terminate() { terminating.store(true, ordering: .releasing) }

    package func serve(_ exchange: Exchange) -> ServiceOutcome {
        let status = terminating.load(ordering: .acquiring) ? terminatingStatus : 200
        exchange.setLocalResponse(status)
        exchange.setLocalBody((StatusText.reason(status) ?? "").bytes)
        return .respond
    }
}
