import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import MartinetRedis

@Suite struct RedisSentinelTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private func client(
        _ sentinels: [RedisAddress], _ change: (inout RedisSettings) -> Void = { _ in }
    ) -> RedisClient {
        var settings = RedisSettings(endpoints: sentinels)
        // However busy the machine is.
        settings.patience = .seconds(120)
        settings.dialTimeout = .seconds(120)
        settings.readTimeout = .seconds(120)
        settings.sentinel = RedisSentinelSettings(master: "counts")
        change(&settings)
        return RedisClient(
            settings, loops: [loop], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, user: "test")
    }

    private func get(_ client: RedisClient) async throws -> RESPValue {
        var command = RedisCommand("GET", key: Array("a".utf8))
        command.append("a")
        return try await client.send(command, on: loop).get()
    }

    /// Answers `GET` with `answer`, and says what `role` it has.
    private func server(role: String, _ answer: ScriptedServer.Answer) async throws -> ScriptedServer {
        try await ScriptedServer(
            ScriptedServer.greeting { _, words in words[0] == "ROLE" ? .bytes("*1\r\n+\(role)\r\n") : answer })
    }

    /// Names one address after the other, the last one for ever.
    private func sentinel(_ addresses: [RedisAddress]) async throws -> ScriptedServer {
        let asked = Atomic(0)
        return try await ScriptedServer(
            ScriptedServer.greeting { _, words in
                guard words == ["SENTINEL", "get-master-addr-by-name", "counts"] else { return .bytes("-ERR what\r\n") }
                let count = asked.add(1, ordering: .relaxed).oldValue
                return Self.named(addresses[min(count, addresses.count - 1)])
            })
    }

    private static func named(_ address: RedisAddress) -> ScriptedServer.Answer {
        let port = "\(address.port)"
        return .bytes("*2\r\n$\(address.host.utf8.count)\r\n\(address.host)\r\n$\(port.utf8.count)\r\n\(port)\r\n")
    }

    private func nobody() async throws -> RedisAddress {
        let server = try await ScriptedServer { _, _ in .silence }
        try await server.stop()
        return server.address
    }

    @Test func theMasterIsAsked() async throws {
        let master = try await server(role: "master", .bytes(":1\r\n"))
        #expect(try await get(client([sentinel([master.address]).address])) == .integer(1))
    }

    @Test func oneSentinelIsEnough() async throws {
        let master = try await server(role: "master", .bytes(":1\r\n"))
        let silent = try await ScriptedServer { _, _ in .silence }
        let addresses = try await [nobody(), silent.address, sentinel([master.address]).address]
        #expect(try await get(client(addresses)) == .integer(1))
    }

    @Test func aSentinelThatNamesAReplicaIsAskedAgain() async throws {
        let replica = try await server(role: "slave", .bytes("-READONLY no\r\n"))
        let master = try await server(role: "master", .bytes(":1\r\n"))
        #expect(try await get(client([sentinel([replica.address, master.address]).address])) == .integer(1))
    }

    @Test func anotherMasterIsPreferredToOneThatFailed() async throws {
        let gone = try await nobody()
        let master = try await server(role: "master", .bytes(":1\r\n"))
        // The first has not heard of the failover and never will.
        let addresses = try await [sentinel([gone]).address, sentinel([gone, master.address]).address]
        #expect(try await get(client(addresses)) == .integer(1))
    }

    @Test func aMasterThatFailedIsTakenAgainWhenNobodyNamesAnother() async throws {
        let connections = Atomic(0)
        let master = try await ScriptedServer { _, words in
            switch words[0] {
            case "HELLO": connections.add(1, ordering: .relaxed).newValue == 1 ? .close : .bytes("+OK\r\n")
            case "ROLE": .bytes("*1\r\n+master\r\n")
            default: .bytes(":1\r\n")
            }
        }
        // The second one never answers: it is not waited for until the end.
        let silent = try await ScriptedServer { _, _ in .silence }
        let addresses = try await [sentinel([master.address]).address, silent.address]
        #expect(try await get(client(addresses)) == .integer(1))
    }

    @Test func aMasterThatWasDeposedIsLeft() async throws {
        let deposed = try await server(role: "master", .bytes("-READONLY no\r\n"))
        let master = try await server(role: "master", .bytes(":1\r\n"))
        let client = try await client([sentinel([deposed.address, master.address]).address])
        #expect(try await get(client) == .integer(1))
    }

    @Test func aMasterThatMayNotBeAskedForItsRoleIsBelieved() async throws {
        let master = try await ScriptedServer(
            ScriptedServer.greeting { _, words in
                .bytes(words[0] == "ROLE" ? "-NOPERM this user has no permissions\r\n" : ":1\r\n")
            })
        #expect(try await get(client([sentinel([master.address]).address])) == .integer(1))
    }

    @Test func eachHasItsOwnLogin() async throws {
        let logins = Mutex<[String]>([])
        let note: @Sendable ([String]) -> Void = { words in
            if words[0] != "GET" { logins.withLock { $0.append(words.joined(separator: " ")) } }
        }
        let master = try await ScriptedServer { _, words in
            note(words)
            return .bytes(words[0] == "ROLE" ? "*1\r\n+master\r\n" : "+OK\r\n")
        }
        let address = master.address
        let sentinel = try await ScriptedServer { _, words in
            note(words)
            return words[0] == "SENTINEL" ? Self.named(address) : .bytes("+OK\r\n")
        }
        let client = client([sentinel.address]) {
            $0.username = "ann"
            $0.password = "masters"
            $0.database = 2
            $0.sentinel?.password = "sentinels"
        }
        #expect(try await get(client) == text("OK"))
        let expected = [
            "HELLO 3 AUTH default sentinels", "SENTINEL get-master-addr-by-name counts", "HELLO 3 AUTH ann masters",
            "SELECT 2", "ROLE",
        ]
        #expect(logins.withLock { $0 } == expected)
    }

    private func text(_ string: String) -> RESPValue { .string(ByteBuffer(string: string)) }

    /// What a sentinel says, and what becomes of the command.
    private static let unusable: [(String, RedisError)] = [
        ("$-1\r\n", .unreachable("the sentinels know no master of this name")),
        ("_\r\n", .unreachable("the sentinels know no master of this name")),
        ("-NOAUTH Authentication required.\r\n", .refused("NOAUTH Authentication required.")),
        ("*1\r\n+a\r\n", .unreachable("the answer of the sentinel is no address")),
        ("*2\r\n+a\r\n+0\r\n", .unreachable("the answer of the sentinel is no address")),
        ("*2\r\n+a\r\n+65536\r\n", .unreachable("the answer of the sentinel is no address")),
        ("*2\r\n+a\r\n:1\r\n", .unreachable("the answer of the sentinel is no address")),
        ("*0\r\n", .unreachable("the answer of the sentinel is no address")),
        (":1\r\n:2\r\n", .unreachable("the sentinels know no master of this name")),
        ("?\r\n", .malformed(.unknownType(UInt8(ascii: "?")))),
    ]

    @Test(arguments: unusable)
    func whatIsNoMasterIsSaidSo(_ row: (said: String, error: RedisError)) async throws {
        let sentinel = try await ScriptedServer(ScriptedServer.greeting { _, _ in .bytes(row.said) })
        let client = client([sentinel.address]) { $0.patience = .zero }
        await #expect(throws: row.error) { try await get(client) }
    }

    @Test func sentinelsThatAreAwayFailTheCommandInTime() async throws {
        let silent = try await ScriptedServer { _, _ in .silence }
        let client = client([silent.address]) {
            $0.dialTimeout = .milliseconds(600)
            $0.patience = .zero
        }
        await #expect(throws: RedisError.timeout) { try await get(client) }
    }
}
