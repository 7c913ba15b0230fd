/// The beginning of a connection: RESP3 with login in one command, the older commands for servers that do not know it, the database.
///
/// ```
/// HELLO 3 [AUTH user password] ──► not known ──► AUTH [user] password ──► SELECT n ──► done
///                              └───────────────────────────────────────────┘
/// ```
struct RedisGreeting {
    enum Action {
        case send(RedisCommand)
        case done
        case fail(RedisError)
    }

    private enum Stage {
        case hello, login, database
    }

    private let username: String
    private let password: String
    private let database: Int
    private var stage = Stage.hello

    init(_ settings: RedisSettings) {
        username = settings.username
        password = settings.password
        database = settings.database
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
        guard case .error(let text) = value else { return stage == .database ? .done : selectDatabase() }
        guard stage == .hello, text.hasPrefix("ERR ") || text.hasPrefix("NOPROTO") else { return .fail(.refused(text)) }
        guard !password.isEmpty else { return selectDatabase() }
        stage = .login
        var command = RedisCommand("AUTH")
        if !username.isEmpty { command.append(username) }
        command.append(password)
        return .send(command)
    }

    private mutating func selectDatabase() -> Action {
        guard database != 0 else { return .done }
        stage = .database
        var command = RedisCommand("SELECT")
        command.append("\(database)")
        return .send(command)
    }
}
