package import MartinetCore
import ServiceLifecycle

/// Gathers what all providers say and hands the whole to the one who compiles and publishes it.
///
/// Keeps the last value of each provider and ignores a delivery equal to it. A change after a quiet time is published at
/// once; further ones at most once per `throttle`, the latest value winning. The first delivery of each provider is never
/// held back, so start-up does not wait for slow providers, nor they for the throttle.
///
/// There is one publisher, `run()`: publications never overlap and never overtake each other.
package actor ConfigurationHub<Time: Clock>: Service where Time.Duration == Duration {
    /// Receives the values of all providers heard so far, ordered by provider name.
    package typealias Publish = @Sendable (_ configurations: [ProviderConfiguration]) async -> Void

    private let throttle: Duration
    private let clock: Time
    private let publish: Publish
    private let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation

    private var latest: [String: ProviderConfiguration] = [:]
    /// What `run()` waits for between two publications; cancelled by a provider's first delivery.
    private var pause: Task<Void, Never>?
    /// Whether a delivery arrived that must not wait for the throttle.
    private var isUrgent = false
    /// How many deliveries changed something, and how many of them have been published.
    private var delivered = 0
    private var published = 0
    private var isOver = false
    private var waiting: [(delivery: Int, continuation: CheckedContinuation<Void, Never>)] = []

    /// - Parameters:
    ///   - throttle: `providersThrottleDuration`, least time between two publications; zero means none.
    ///   - clock: measures it.
    ///   - publish: called by `run()` only.
    package init(throttle: Duration = .milliseconds(100), clock: Time, publish: @escaping Publish) {
        self.throttle = throttle
        self.clock = clock
        self.publish = publish
        (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes a provider's whole configuration, which replaces what it said before. Returns at once; deliveries made before
    /// `run()` are kept for it.
    package func deliver(_ configuration: ProviderConfiguration) {
        let previous = latest.updateValue(configuration, forKey: configuration.name)
        guard previous != configuration else { return }
        delivered += 1
        if previous == nil {
            isUrgent = true
            pause?.cancel()
        }
        change.yield()
    }

    /// Returns when all that has been delivered so far is published, or `run()` has ended.
    package func settle() async {
        guard published < delivered, !isOver else { return }
        await withCheckedContinuation { waiting.append((delivered, $0)) }
    }

    /// Publishes until the task is cancelled or the service group shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.publishChanges() }
    }

    private func publishChanges() async {
        for await _ in changes {
            isUrgent = false
            let included = delivered
            await publish(latest.values.sorted { $0.name < $1.name })
            published = included
            wake { $0 <= included }
            await rest()
        }
        isOver = true
        wake { _ in true }
    }

    private func wake(_ isDone: (_ delivery: Int) -> Bool) {
        let done = waiting.filter { isDone($0.delivery) }
        waiting.removeAll { isDone($0.delivery) }
        for waiter in done { waiter.continuation.resume() }
    }

    /// Waits out the throttle, unless a provider speaks up for the first time.
    private func rest() async {
        guard throttle > .zero, !isUrgent, !Task.isCancelled else { return }
        let pause = Task<Void, Never> { [clock, throttle] in
            // Throws when cancelled only, and then the pause is over as well.
            try? await clock.sleep(for: throttle)
        }
        self.pause = pause
        await withTaskCancellationHandler {
            await pause.value
        } onCancel: {
            pause.cancel()
        }
        self.pause = nil
    }
}

extension ConfigurationHub where Time == ContinuousClock {
    package init(throttle: Duration = .milliseconds(100), publish: @escaping Publish) {
        self.init(throttle: throttle, clock: ContinuousClock(), publish: publish)
    }
}
