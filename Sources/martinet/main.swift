#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

// The first word chooses the command; flags alone run the proxy, as with Traefik.
let arguments = Array(CommandLine.arguments.dropFirst())
let status: Int32
switch arguments.first {
case "version": status = VersionCommand.run()
case "check": status = await CheckCommand.run(Array(arguments.dropFirst()))
case "healthcheck": status = await HealthcheckCommand.run(Array(arguments.dropFirst()))
case "whoami": status = await WhoamiCommand.run(Array(arguments.dropFirst()))
case "help", "--help", "-h": status = HelpCommand.run()
case let word? where !word.hasPrefix("-"):
    status = HelpCommand.unknown(word)
default: status = await RunCommand.run(arguments)
}
exit(status)
