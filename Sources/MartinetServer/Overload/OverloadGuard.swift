package import Logging
import Synchronization

/// What all event loops know of the process's state: how many connections there are, and whether it has to give something up.
///
/// Counted once a connection, measured four times a second by whichever loop looks first; requests read nothing of it, they go by
/// what their loop noted at its last sweep. Nothing is locked. Two loops that decide at the same moment may be one connection apart,
/// which the steps between the levels allow for.
package final class OverloadGuard: Sendable {
    package let budget: DescriptorBudget
    /// Memory in use, in per cent.
    private let memoryPercent: @Sendable () -> Int
    private let logger: Logger

    private let clients = Atomic<Int>(0)
    private let servers = Atomic<Int>(0)
    private let byConnections = Atomic<UInt8>(0)
    private let byMemory = Atomic<UInt8>(0)
    /// Uptime until which descriptors count as scarce whatever the count says: the system had none.
    private let scarceUntil = Atomic<UInt64>(0)
    private let measuredAt = Atomic<UInt64>(0)
    private let reclaimedAt = Atomic<UInt64>(0)
    private let told = Atomic<UInt8>(0)
    private let toldAt = Atomic<UInt64>(0)

    /// Nanoseconds between two measurements: memory grows by what arrives in a quarter of a second, which the steps of 3 % leave room
    /// for.
    static let interval: UInt64 = 250_000_000
    /// Nanoseconds for which a failure to get a descriptor counts.
    static let scarcity: UInt64 = 1_000_000_000
    /// Nanoseconds between two requests to the allocator, which take milliseconds.
    static let reclaimInterval: UInt64 = 5_000_000_000
    /// Nanoseconds between two lines of the log.
    static let silence: UInt64 = 1_000_000_000
    /// Connections beyond the budget that are let in: each loop then gives up another for it, or says 503.
    static let grace = 16
    /// Further ones for entry points that serve the operator: health checks must not fail because clients are many.
    static let reserved = 16

    package init(
        budget: DescriptorBudget = .unlimited,
        logger: Logger = Logger(label: "overload") { _ in SwiftLogNoOpLogHandler() },
        memoryPercent: @escaping @Sendable () -> Int = { 0 }
    ) {
        self.budget = budget
        self.memoryPercent = memoryPercent
        self.logger = logger
    }

    // MARK: State

    package var level: OverloadLevel { max(connectionLevel, memoryLevel) }
    /// Whether there is too little memory to serve requests.
    package var shedsRequests: Bool { memoryLevel >= .refusing }
    /// Whether a connection beyond the budget may stay although room for it is still being made.
    var hasGrace: Bool { clientConnections <= budget.clients + Self.grace / 2 }
    package var clientConnections: Int { clients.load(ordering: .relaxed) }
    package var serverConnections: Int { servers.load(ordering: .relaxed) }

    private var connectionLevel: OverloadLevel {
        OverloadLevel(rawValue: byConnections.load(ordering: .relaxed)) ?? .calm
    }

    private var memoryLevel: OverloadLevel { OverloadLevel(rawValue: byMemory.load(ordering: .relaxed)) ?? .calm }

    // MARK: Clients

    /// A connection was accepted: counts it, unless it must be reset at once.
    /// - Parameter isReserved: whether it is the operator's.
    func admit(isReserved: Bool, now: UInt64) -> Bool {
        let count = clients.add(1, ordering: .relaxed).newValue
        judgeConnections(count, now)
        measure(now)
        let isShut = memoryLevel == .shut && !isReserved
        if !isShut, count <= budget.clients + Self.grace + (isReserved ? Self.reserved : 0) { return true }
        clients.subtract(1, ordering: .relaxed)
        return false
    }

    func clientAdded() { clients.add(1, ordering: .relaxed) }
    func clientGone() { clients.subtract(1, ordering: .relaxed) }

    // MARK: Servers

    /// Whether there is a descriptor for one more connection to a server; counts it.
    func takeServerConnection() -> Bool {
        let count = servers.add(1, ordering: .relaxed).newValue
        if count <= budget.connections - clients.load(ordering: .relaxed) { return true }
        servers.subtract(1, ordering: .relaxed)
        return false
    }

    func serverGone() { servers.subtract(1, ordering: .relaxed) }

    // MARK: Measuring

    /// The system had no descriptor for us.
    func noteShortage(now: UInt64) {
        scarceUntil.store(now &+ Self.scarcity, ordering: .relaxed)
        judgeConnections(clientConnections, now)
    }

    /// Looks at everything, if nobody has done so lately. Returns whether the allocator should be asked to give back what it keeps:
    /// use that was high once must not count for ever.
    @discardableResult
    func measure(_ now: UInt64) -> Bool {
        let last = measuredAt.load(ordering: .relaxed)
        guard now &- last >= Self.interval,
            measuredAt.compareExchange(expected: last, desired: now, ordering: .relaxed).exchanged
        else { return false }
        judgeConnections(clientConnections, now)
        let percent = memoryPercent()
        byMemory.store(memoryLevel.next(percent).rawValue, ordering: .relaxed)
        tell(now, memory: percent)
        guard memoryLevel > .calm, now &- reclaimedAt.load(ordering: .relaxed) >= Self.reclaimInterval else {
            return false
        }
        reclaimedAt.store(now, ordering: .relaxed)
        return true
    }

    private func judgeConnections(_ count: Int, _ now: UInt64) {
        var percent = max(0, count).multipliedReportingOverflow(by: 100).partialValue / budget.clients
        if now < scarceUntil.load(ordering: .relaxed) { percent = max(percent, OverloadLevel.closing.threshold) }
        let level = connectionLevel
        let next = level.next(percent)
        if next != level { byConnections.store(next.rawValue, ordering: .relaxed) }
    }

    /// One line when the level is another than the last line said; not more than one a second.
    private func tell(_ now: UInt64, memory: Int) {
        let level = self.level
        guard level.rawValue != told.load(ordering: .relaxed), now &- toldAt.load(ordering: .relaxed) >= Self.silence
        else { return }
        told.store(level.rawValue, ordering: .relaxed)
        toldAt.store(now, ordering: .relaxed)
        logger.log(
            level: level == .calm ? .info : .warning, "Overload level changed",
            metadata: [
                "overload": "\(level)", "connections": "\(clientConnections)", "connectionLimit": "\(budget.clients)",
                "serverConnections": "\(serverConnections)", "memoryPercent": "\(memory)",
            ])
    }
}
