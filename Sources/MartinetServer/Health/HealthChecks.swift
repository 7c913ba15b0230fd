import Logging
import NIOCore

/// The health checks of one event loop.
final class HealthChecks {
    private struct Key: Hashable {
        let service: String
        let url: String
    }

    private var probes: [Key: HealthProbe] = [:]

    /// Requests to different servers are at least so far apart when many checks begin at once.
    private static let spread = TimeAmount.milliseconds(5)

    /// Checks these from now on: those that are checked already, and in the same way, go on undisturbed.
    func replace(with targets: [HealthCheckTarget], loop: LoopContext, logger: Logger) {
        var old = probes
        probes = [:]
        var delay = TimeAmount.zero
        for target in targets {
            let key = Key(service: target.service, url: target.url)
            if let running = old[key], running.target.isSame(as: target) {
                old[key] = nil
                probes[key] = running
                continue
            }
            let probe = HealthProbe(target, loop: loop, logger: logger)
            probe.start(delay: delay)
            probes[key] = probe
            delay = delay + Self.spread
        }
        for probe in old.values { probe.stop() }
    }

    func stop() {
        for probe in probes.values { probe.stop() }
        probes = [:]
    }
}
