import MartinetConfig

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// `martinet version`.
enum VersionCommand {
    static let version = "0.1.0"
    static let codename = "apus"

    static func run() -> Int32 {
        var name = utsname()
        uname(&name)
        let machine = withUnsafeBytes(of: &name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let system = withUnsafeBytes(of: &name.sysname) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        Console.out("Version:      \(version)")
        Console.out("Codename:     \(codename)")
        Console.out("Compatible:   Traefik 3.7")
        Console.out("OS/Arch:      \(system.lowercased())/\(machine)")
        return 0
    }
}

/// `martinet --help`.
enum HelpCommand {
    static func run() -> Int32 {
        Console.out(InstallReference.helpText())
        return 0
    }

    static func unknown(_ word: String) -> Int32 {
        let commands = ["version", "check", "healthcheck", "whoami", "help"]
        let nearest = NearestName.of(word, among: commands).map { "did you mean \"\($0)\"?" }
        Console.error("unknown command \"\(word)\"; \(nearest ?? "commands are \(commands.joined(separator: ", "))")")
        return 1
    }
}

/// `martinet whoami`.
enum WhoamiCommand {
    static func run(_ arguments: [String]) async -> Int32 {
        var port = Int(Console.environment["WHOAMI_PORT_NUMBER"] ?? "") ?? 80
        var name = Console.environment["WHOAMI_NAME"] ?? ""
        var index = 0
        while index < arguments.count {
            let parts = arguments[index].split(separator: "=", maxSplits: 1).map(String.init)
            index += 1
            let value = parts.count > 1 ? parts[1] : (index < arguments.count ? arguments[index] : "")
            if parts.count == 1 { index += 1 }
            switch parts[0] {
            case "--port", "-port":
                guard let number = Int(value), (0...65535).contains(number) else {
                    Console.error("--port: \"\(value)\" is no port; give a number from 0 to 65535")
                    return 1
                }
                port = number
            case "--name", "-name":
                name = value
            default:
                Console.error("whoami: unknown flag \(parts[0]); it takes --port and --name")
                return 1
            }
        }
        do {
            let shown = name.isEmpty ? "" : " " + name
            try await WhoamiServer(port: port, name: name).run { port in
                Console.out("whoami\(shown) answers on port \(port)")
            }
            return 0
        } catch {
            Console.error("whoami: port \(port) cannot be opened: \(error)")
            return 1
        }
    }
}
