import MartinetConfig
import MartinetCore
import MartinetProviders
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConfigurationHubTests {
    private let clock = ManualClock()
    private let hub: ConfigurationHub<ManualClock>
    private let publications: AsyncStream<[ProviderConfiguration]>

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: [ProviderConfiguration].self)
        publications = stream
        hub = ConfigurationHub(throttle: .milliseconds(100), clock: clock) { continuation.yield($0) }
    }

    private func configuration(_ provider: String, rule: String) -> ProviderConfiguration {
        var router = HTTPRouterOptions()
        router.rule = rule
        var routing = DecodedRouting()
        routing.configuration.http.routers["shop"] = Boxed(router)
        return ProviderConfiguration(name: provider, routing: routing)
    }

    private func whileRunning(_ body: () async -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [hub] in try await hub.run() }
            await body()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func publishesTheFirstDeliveryAtOnceAndTheNextAfterTheThrottle() async throws {
        try await whileRunning {
            var published = publications.makeAsyncIterator()
            var sleeps = clock.sleeps.makeAsyncIterator()
            await hub.deliver(configuration("file", rule: "1"))
            #expect(await published.next() == [configuration("file", rule: "1")])
            await sleeps.next()

            await hub.deliver(configuration("file", rule: "2"))
            await hub.deliver(configuration("file", rule: "3"))
            clock.advance(by: .milliseconds(99))
            await hub.deliver(configuration("file", rule: "4"))
            clock.advance(by: .milliseconds(1))
            #expect(await published.next() == [configuration("file", rule: "4")])
        }
    }

    @Test func publishesAtOnceAfterAQuietTime() async throws {
        try await whileRunning {
            var published = publications.makeAsyncIterator()
            var sleeps = clock.sleeps.makeAsyncIterator()
            await hub.deliver(configuration("file", rule: "1"))
            _ = await published.next()
            await sleeps.next()
            clock.advance(by: .seconds(1))
            await hub.deliver(configuration("file", rule: "2"))
            #expect(await published.next() == [configuration("file", rule: "2")])
        }
    }

    @Test func doesNotHoldBackTheFirstDeliveryOfAnotherProvider() async throws {
        try await whileRunning {
            var published = publications.makeAsyncIterator()
            var sleeps = clock.sleeps.makeAsyncIterator()
            await hub.deliver(configuration("file", rule: "1"))
            _ = await published.next()
            await sleeps.next()
            await hub.deliver(configuration("docker", rule: "2"))
            #expect(
                await published.next() == [configuration("docker", rule: "2"), configuration("file", rule: "1")]
            )
        }
    }

    @Test func dropsWhatDidNotChange() async throws {
        try await whileRunning {
            var published = publications.makeAsyncIterator()
            var sleeps = clock.sleeps.makeAsyncIterator()
            await hub.deliver(configuration("file", rule: "1"))
            _ = await published.next()
            await sleeps.next()
            await hub.deliver(configuration("file", rule: "1"))
            clock.advance(by: .seconds(1))
            await hub.deliver(configuration("file", rule: "2"))
            #expect(await published.next() == [configuration("file", rule: "2")])
        }
    }

    @Test func settlesWhenWhatWasDeliveredIsPublished() async throws {
        await hub.settle()
        try await whileRunning {
            var published = publications.makeAsyncIterator()
            var sleeps = clock.sleeps.makeAsyncIterator()
            await hub.deliver(configuration("file", rule: "1"))
            await hub.settle()
            #expect(await published.next() == [configuration("file", rule: "1")])
            await sleeps.next()
            // Held back by the throttle, and waited for.
            await hub.deliver(configuration("file", rule: "2"))
            async let settled: Void = hub.settle()
            clock.advance(by: .milliseconds(100))
            await settled
            #expect(await published.next() == [configuration("file", rule: "2")])
        }
    }

    @Test func nobodyWaitsForAHubThatHasEnded() async throws {
        try await whileRunning {}
        await hub.deliver(configuration("file", rule: "1"))
        await hub.settle()
    }

    @Test func keepsDeliveriesMadeBeforeItRuns() async throws {
        await hub.deliver(configuration("b", rule: "1"))
        await hub.deliver(configuration("a", rule: "2"))
        try await whileRunning {
            var published = publications.makeAsyncIterator()
            #expect(await published.next()?.map(\.name) == ["a", "b"])
        }
    }
}
