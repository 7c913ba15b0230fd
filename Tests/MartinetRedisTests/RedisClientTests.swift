import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import MartinetRedis

@Suite struct RedisClientTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private func client(
        _ addresses: [RedisAddress], _ change: (inout RedisSettings) -> Void = { _ in }
    ) -> RedisClient {
        var settings = RedisSettings(endpoints: addresses)
        // However busy the machine is.
        settings.patience = .seconds(120)
        settings.dialTimeout = .seconds(120)
        settings.readTimeout = .seconds(120)
        change(&settings)
        return RedisClient(
            settings, loops: [loop], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, user: "test")
    }

    private func get(_ key: String, _ client: RedisClient) async throws -> RESPValue {
        var command = RedisCommand("GET", key: Array(key.utf8))
        command.append(key)
        return try await client.send(command, on: loop).get()
    }

    private func text(_ string: String) -> RESPValue { .string(ByteBuffer(string: string)) }

    @Test func greetsThenAsks() async throws {
        let server = try await ScriptedServer { _, words in
            .bytes(words == ["HELLO", "3"] ? "%0\r\n" : "+\(words.joined(separator: " "))\r\n")
        }
        #expect(try await get("a", client([server.address])) == text("GET a"))
    }

    private static let greetings: [(user: String, password: String, database: Int, old: Bool, expected: String)] = [
        ("", "", 0, false, "HELLO 3"),
        ("", "secret", 0, false, "HELLO 3 AUTH default secret"),
        ("ann", "secret", 2, false, "HELLO 3 AUTH ann secret|SELECT 2"),
        ("", "", 7, true, "HELLO 3|SELECT 7"),
        ("", "secret", 7, true, "HELLO 3 AUTH default secret|AUTH secret|SELECT 7"),
        ("ann", "secret", 0, true, "HELLO 3 AUTH ann secret|AUTH ann secret"),
    ]

    @Test(arguments: greetings)
    func logsIn(_ row: (user: String, password: String, database: Int, old: Bool, expected: String)) async throws {
        let seen = Mutex<[String]>([])
        let server = try await ScriptedServer { _, words in
            if words[0] == "GET" { return .bytes(":1\r\n") }
            seen.withLock { $0.append(words.joined(separator: " ")) }
            return .bytes(row.old && words[0] == "HELLO" ? "-ERR unknown command\r\n" : "+OK\r\n")
        }
        let client = client([server.address]) {
            $0.username = row.user
            $0.password = row.password
            $0.database = row.database
        }
        #expect(try await get("a", client) == .integer(1))
        #expect(seen.withLock { $0.joined(separator: "|") } == row.expected)
    }

    @Test func aWrongPasswordFailsAtOnce() async throws {
        let server = try await ScriptedServer { _, _ in .bytes("-WRONGPASS invalid\r\n") }
        let client = client([server.address]) { $0.password = "x" }
        await #expect(throws: RedisError.refused("WRONGPASS invalid")) { try await get("a", client) }
    }

    @Test func sendsWithoutWaitingForAnswers() async throws {
        // Answers come only when all three commands are there.
        let seen = Atomic(0)
        let server = try await ScriptedServer(
            ScriptedServer.greeting { _, _ in
                seen.add(1, ordering: .relaxed).newValue == 3 ? .bytes(":1\r\n:2\r\n:3\r\n") : .silence
            })
        let client = client([server.address])
        async let first = get("a", client)
        async let second = get("b", client)
        async let third = get("c", client)
        let numbers = try await [first, second, third].map { "\($0)" }
        #expect(Set(numbers).count == 3)
    }

    @Test func aCommandWhoseConnectionEndsIsSentOnceMore() async throws {
        let server = try await ScriptedServer(
            ScriptedServer.greeting { connection, _ in connection == 1 ? .close : .bytes(":\(connection)\r\n") })
        #expect(try await get("a", client([server.address])) == .integer(2))
    }

    @Test func andNotTwice() async throws {
        let commands = Atomic(0)
        let server = try await ScriptedServer(
            ScriptedServer.greeting { _, _ in
                commands.add(1, ordering: .relaxed)
                return .close
            })
        let client = client([server.address])
        await #expect(throws: RedisError.connectionLost) { try await get("a", client) }
        #expect(commands.load(ordering: .relaxed) == 2)
    }

    @Test func aServerThatDoesNotAnswerIsLeft() async throws {
        let server = try await ScriptedServer(
            ScriptedServer.greeting { connection, _ in connection == 1 ? .silence : .bytes(":\(connection)\r\n") })
        let client = client([server.address]) { $0.readTimeout = .seconds(3) }
        await #expect(throws: RedisError.timeout) { try await get("a", client) }
        #expect(try await get("b", client) == .integer(2))
    }

    @Test func aServerThatDoesNotGreetIsLeft() async throws {
        let server = try await ScriptedServer { _, _ in .silence }
        let client = client([server.address]) {
            $0.dialTimeout = .milliseconds(600)
            $0.patience = .zero
        }
        await #expect(throws: RedisError.timeout) { try await get("a", client) }
    }

    @Test func whatIsNoRedisIsLeft() async throws {
        let server = try await ScriptedServer { _, _ in .bytes("HTTP/1.1 400 Bad Request\r\n\r\n") }
        await #expect(throws: RedisError.malformed(.unknownType(UInt8(ascii: "H")))) {
            try await get("a", client([server.address]) { $0.patience = .zero })
        }
    }

    @Test func answersNobodyAskedForEndTheConnection() async throws {
        let server = try await ScriptedServer(
            ScriptedServer.greeting { connection, _ in .bytes(connection == 1 ? ":1\r\n:1\r\n" : ":2\r\n") })
        let client = client([server.address])
        #expect(try await get("a", client) == .integer(1))
        #expect(try await get("b", client) == .integer(2))
    }

    @Test func commandsWaitWhileTheServerComesBack() async throws {
        let server = try await ScriptedServer { connection, words in
            // The first two connections end in the greeting, as those to a server that is starting do.
            if connection <= 2 { return .close }
            return .bytes(words[0] == "HELLO" ? "+OK\r\n" : ":\(connection)\r\n")
        }
        #expect(try await get("a", client([server.address])) == .integer(3))
    }

    @Test func nobodyThereIsSaidSo() async throws {
        let server = try await ScriptedServer { _, _ in .silence }
        try await server.stop()
        let client = client([server.address]) { $0.patience = .zero }
        await #expect {
            _ = try await get("a", client)
        } throws: { error in
            if case .unreachable = error as? RedisError { true } else { false }
        }
    }

    @Test func aScriptThatIsNotKnownIsSent() async throws {
        let script = RedisScript("return 1")
        #expect(script.digest == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db")
        let server = try await ScriptedServer(
            ScriptedServer.greeting { _, words in
                if words[0] == "EVALSHA" { return .bytes("-NOSCRIPT No matching script\r\n") }
                return .bytes("+\(words.joined(separator: " "))\r\n")
            })
        let answer = client([server.address]).evaluate(script, key: Array("k".utf8), arguments: ["x"], on: loop)
        #expect(try await answer.get() == text("EVAL return 1 1 k x"))
    }

    @Test func aServerThatMayNotWriteIsLeftAndAskedOnceMore() async throws {
        let server = try await ScriptedServer(
            ScriptedServer.greeting { connection, _ in
                .bytes(connection == 1 ? "-READONLY You can't write against a read only replica.\r\n" : ":2\r\n")
            })
        #expect(try await get("a", client([server.address])) == .integer(2))
    }

    @Test func nodesOfAClusterAreFollowed() async throws {
        let asked = Mutex<[String]>([])
        let owner = try await ScriptedServer(
            ScriptedServer.greeting { _, words in .bytes("+owner of \(words[1])\r\n") })
        let other = try await ScriptedServer(
            ScriptedServer.greeting { _, words in
                asked.withLock { $0.append(words[1]) }
                return .bytes("-MOVED 15495 \(owner.address)\r\n")
            })
        let client = client([other.address, owner.address])
        #expect(try await get("a", client) == text("owner of a"))
        #expect(try await get("a", client) == text("owner of a"))
        #expect(asked.withLock { $0 } == ["a"])
    }

    @Test func redirectionsThatNeverEndAreGivenUp() async throws {
        let target = Mutex("")
        let asked = Atomic(0)
        let server = try await ScriptedServer(
            ScriptedServer.greeting { _, _ in
                asked.add(1, ordering: .relaxed)
                return .bytes("-MOVED 15495 \(target.withLock { $0 })\r\n")
            })
        target.withLock { $0 = "\(server.address)" }
        let client = client([server.address, RedisAddress(host: "127.0.0.1", port: 1)])
        #expect(try await get("a", client) == .error("MOVED 15495 \(server.address)"))
        #expect(asked.load(ordering: .relaxed) == 5)
    }

    @Test func aClientWithoutEventLoopsSaysSo() async throws {
        let client = RedisClient(
            RedisSettings(endpoints: [RedisAddress(host: "127.0.0.1", port: 1)]), loops: [],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, user: "test")
        await #expect(throws: RedisError.closed) { try await get("a", client) }
    }
}
