import Logging
import MartinetConfig
import MartinetCore
import MartinetProviders
import Testing

/// Against the real file system and its notices.
@Suite(.timeLimit(.minutes(1)))
struct FileProviderTests {
    private let directory = TemporaryDirectory()

    /// Runs a provider and gives `body` what it delivers, as `name=rule` in name order.
    private func following(
        _ source: FileProviderSource,
        watches: Bool = true,
        _ body: (FileProvider, inout AsyncStream<[String]>.AsyncIterator) async throws -> Void
    ) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: [String].self)
        let provider = try FileProvider(
            source: source,
            watches: watches,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { configuration in
            let routers = configuration.routing.configuration.http.routers
            continuation.yield(routers.map { "\($0)=\($1.rule.dropFirst(6).dropLast(2))" }.sorted())
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await provider.run() }
            var deliveries = stream.makeAsyncIterator()
            try await body(provider, &deliveries)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Waits until that is delivered: a change made in several steps may be seen in several.
    private func awaits(_ expected: [String], _ deliveries: inout AsyncStream<[String]>.AsyncIterator) async {
        while let delivered = await deliveries.next(isolation: #isolation) {
            if delivered == expected { return }
        }
        Issue.record("never delivered: \(expected)")
    }

    @Test func followsAFileWrittenInPlaceAndReplaced() async throws {
        directory.write(routers("a"), to: "d.yml")
        try await following(.file(directory("d.yml"))) { _, deliveries in
            await awaits(["a=a"], &deliveries)
            directory.write(routers("a", rule: "b"), to: "d.yml")
            await awaits(["a=b"], &deliveries)
            directory.replace("d.yml", with: routers("a", rule: "c"))
            await awaits(["a=c"], &deliveries)
        }
    }

    @Test func keepsTheLastGoodContentOfABrokenFile() async throws {
        directory.write(routers("a"), to: "1.yml")
        directory.write(routers("b"), to: "2.yml")
        try await following(.directory(directory.path)) { _, deliveries in
            await awaits(["a=a", "b=a"], &deliveries)
            directory.replace("1.yml", with: "http: [")
            directory.replace("2.yml", with: routers("b", rule: "b"))
            await awaits(["a=a", "b=b"], &deliveries)
        }
    }

    @Test func watchesSubDirectoriesThatAppearLater() async throws {
        try await following(.directory(directory.path)) { _, deliveries in
            await awaits([], &deliveries)
            directory.makeDirectory("x")
            directory.makeDirectory("x/y")
            directory.write(routers("a"), to: "x/y/1.yml")
            await awaits(["a=a"], &deliveries)
            directory.write(routers("a", rule: "b"), to: "x/y/1.yml")
            await awaits(["a=b"], &deliveries)
            directory.remove("x")
            await awaits([], &deliveries)
        }
    }

    @Test func followsTheSwitchedLinkOfAKubernetesVolume() async throws {
        directory.makeDirectory("..1")
        directory.write(routers("a"), to: "..1/d.yml")
        directory.link("..data", to: "..1")
        directory.link("d.yml", to: "..data/d.yml")
        try await following(.directory(directory.path)) { _, deliveries in
            await awaits(["a=a"], &deliveries)
            directory.makeDirectory("..2")
            directory.write(routers("a", rule: "b"), to: "..2/d.yml")
            directory.link("..data_tmp", to: "..2")
            directory.move("..data_tmp", to: "..data")
            await awaits(["a=b"], &deliveries)
        }
    }

    @Test func followsLinksOnTheWayToAFile() async throws {
        directory.makeDirectory("v1")
        directory.makeDirectory("v2")
        directory.write(routers("a", rule: "1"), to: "v1/d.yml")
        directory.write(routers("a", rule: "2"), to: "v2/d.yml")
        directory.link("current", to: "v1")
        try await following(.file(directory("current/d.yml"))) { _, deliveries in
            await awaits(["a=1"], &deliveries)
            directory.link("next", to: "v2")
            directory.move("next", to: "current")
            await awaits(["a=2"], &deliveries)
            directory.write(routers("a", rule: "3"), to: "v2/d.yml")
            await awaits(["a=3"], &deliveries)
        }
    }

    @Test func findsAFileThatAppearsLaterUnderMissingDirectories() async throws {
        try await following(.file(directory("x/y/d.yml"))) { _, deliveries in
            await awaits([], &deliveries)
            directory.makeDirectory("x")
            directory.makeDirectory("x/y")
            directory.write(routers("a"), to: "x/y/d.yml")
            await awaits(["a=a"], &deliveries)
        }
    }

    @Test func survivesADirectoryDeletedAndMadeAgain() async throws {
        directory.makeDirectory("x")
        directory.write(routers("a"), to: "x/1.yml")
        try await following(.directory(directory("x"))) { _, deliveries in
            await awaits(["a=a"], &deliveries)
            directory.remove("x")
            directory.makeDirectory("x")
            directory.write(routers("b"), to: "x/1.yml")
            await awaits(["b=a"], &deliveries)
            directory.replace("x/1.yml", with: routers("b", rule: "b"))
            await awaits(["b=b"], &deliveries)
        }
    }

    @Test func readsAgainOnReloadOnlyWhenItDoesNotWatch() async throws {
        directory.write(routers("a"), to: "d.yml")
        try await following(.file(directory("d.yml")), watches: false) { provider, deliveries in
            await awaits(["a=a"], &deliveries)
            directory.write(routers("a", rule: "b"), to: "d.yml")
            await provider.reload()
            // Nothing to wait for any more.
            #expect(await deliveries.next(isolation: #isolation) == ["a=b"])
        }
    }

    @Test func aReloadEndsAlsoWhenNothingHasChangedOrNobodyReads() async throws {
        directory.write(routers("a"), to: "d.yml")
        let source = try FileProviderSource(filename: directory("d.yml"), directory: "")
        let provider = try FileProvider(
            source: source, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { _ in }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await provider.run() }
            for _ in 0..<3 { await provider.reload() }
            group.cancelAll()
            try await group.waitForAll()
        }
        await provider.reload()
    }

    @Test(arguments: [("", ""), ("a", "b")])
    func refusesNeitherAndBothOptions(filename: String, directory: String) {
        #expect(throws: FileProviderSource.OptionsError.self) {
            try FileProviderSource(filename: filename, directory: directory)
        }
    }
}
