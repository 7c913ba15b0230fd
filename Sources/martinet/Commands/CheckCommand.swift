import Logging
import MartinetConfig
import MartinetCore
import MartinetMiddlewares
import MartinetProviders
import MartinetServer

/// `martinet check`: loads install and routing configuration without serving and tells every problem. Exit status 0 when there is
/// no error, 1 otherwise.
enum CheckCommand {
    static func run(_ arguments: [String]) async -> Int32 {
        let loaded = Console.load(arguments)
        var problems = loaded.diagnostics
        var routers = 0
        if loaded.isUsable {
            problems += Composition.problems(loaded.configuration)
            do {
                _ = try Composition.entryPoints(loaded.configuration)
            } catch {
                problems.append(error)
            }
            let routing = checkRouting(loaded.configuration)
            problems += routing.diagnostics
            routers = routing.routers
        }
        for problem in problems { Console.out("\(problem.severity.rawValue): \(problem.description)") }
        let errors = problems.filter { $0.severity == .error }.count
        Console.out(
            "\(loaded.source.description): \(errors) errors, \(problems.count - errors) warnings, \(routers) routers in force"
        )
        return errors == 0 ? 0 : 1
    }

    private static func checkRouting(_ configuration: InstallConfiguration) -> (diagnostics: [Diagnostic], routers: Int)
    {
        var inputs: [ProviderConfiguration] = []
        var problems: [Diagnostic] = []
        if let options = configuration.providers.file {
            do {
                let source = try FileProviderSource(filename: options.filename, directory: options.directory)
                var store = FileStore(source: source)
                let read = store.refresh()
                inputs.append(ProviderConfiguration(name: FileProvider.name, routing: read.routing))
                problems += read.problems + read.routing.problems
            } catch {
                problems.append(Diagnostic(path: "providers.file", reason: "\(error)"))
            }
        }
        let ping = LocalService(name: "ping@internal") { _ in .respond }
        let api = LocalService(name: "api@internal") { _ in .respond }
        let compiler = RoutingCompiler(
            middlewares: MiddlewareCatalog(), internalServices: [ping.name: ping, api.name: api])
        var tls = TLSControl()
        let compiled = compiler.compile(
            inputs: inputs, settings: Composition.compilerSettings(configuration),
            tls: tls.material(for: inputs, Logger(label: "martinet")))
        let enabled = compiled.runtime.routers.values.filter { $0.status != .disabled }.count
        return (unique(problems + compiled.diagnostics), enabled)
    }

    private static func unique(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return diagnostics.filter { seen.insert($0).inserted }
    }
}
