/// The beginning of a connection: RESP3 with login in one command, the older commands for servers that do not know it, the database;
/// and whether the server is what a sentinel said it is.
///
/// ```
/// HELLO 3 [AUTH user password] ──► not known ──► AUTH [user] password ──► [SELECT n] ──► [ROLE] ──► done
///                              └───────────────────────────────────────────┘
/// ```
struct RedisGreeting {
    enum Action {
        case send(RedisCommand)
        case done
        case fail(RedisError)
    }

    private enum Stage {
        case hello, login, database, role
    }

    private let username: String
    private let password: String
    private let database: Int
    private let mustBeMaster: Bool
    private var stage = Stage.hello

    init(_ settings: RedisSettings) {
        username = settings.username
        password = settings.password
        database = settings.database
        mustBeMaster = settings.sentinel != nil
    }

    func begin() -> RedisCommand {
        var command = RedisCommand("HELLO")
        command.append("3")
        if !password.isEmpty {
            command.append("AUTH")
            command.append(username.isEmpty ? "default" : username)
            command.append(password)
        }
        return command
    }

    mutating func answered(_ value: RESPValue) -> Action {
        if stage == .role { return Self.judge(role: value) }
        if case .error(let text) = value {
            let isOld = stage == .hello && (text.hasPrefix("ERR ") || text.hasPrefix("NOPROTO"))
            guard isOld else { return .fail(.refused(text)) }
            if !password.isEmpty { return .send(login()) }
        }
        switch stage {
        case .hello where database != 0, .login where database != 0: return .send(selectDatabase())
        case .hello, .login, .database, .role:
            guard mustBeMaster else { return .done }
            stage = .role
            return .send(RedisCommand("ROLE"))
        }
    }

    private mutating func login() -> RedisCommand {
        stage = .login
        var command = RedisCommand("AUTH")
        if !username.isEmpty { command.append(username) }
        command.append(password)
        return command
    }

    private mutating func selectDatabase() -> RedisCommand {
        stage = .database
        var command = RedisCommand("SELECT")
        command.append("\(database)")
        return command
    }

    /// A sentinel that has not heard of a failover yet names a server that is a replica by now. One that may not be asked is believed.
    private static func judge(role: RESPValue) -> Action {
        guard case .array(let words) = role, let role = words.first?.text, role != "master" else { return .done }
        return .fail(.unreachable("the server is no master but a \(role)"))
    }
}
