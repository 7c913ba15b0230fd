import MartinetConfig
import MartinetCore

/// What is wrong with an object. Where it stands, and which names come near, is looked up when problems are listed: both change
/// without the object.
struct ObjectProblem: Sendable {
    var severity: Diagnostic.Severity
    var reason: String
    var remedy: Remedy?
}

/// What to do about a problem, for the log; the API shows Traefik's words alone.
enum Remedy: Equatable, Sendable {
    case text(String)
    /// Nothing has this name.
    case define(ObjectKey)
    case defineEntryPoint(String)
}

extension Compilation {
    func text(of remedy: Remedy) -> String {
        switch remedy {
        case .text(let text): text
        case .defineEntryPoint(let name):
            Self.suggestion(for: name, among: entryPointNames)
                ?? "define it under entryPoints of the install configuration"
        case .define(let key):
            switch key.kind {
            case .service: Self.suggestion(for: key.name, among: runtime.services.keys) ?? Self.defineObject
            case .middleware: Self.suggestion(for: key.name, among: runtime.middlewares.keys) ?? Self.defineObject
            case .router: Self.suggestion(for: key.name, among: runtime.routers.keys) ?? Self.defineObject
            case .serversTransport: Self.suggestion(for: key.name, among: state.transports.keys) ?? Self.defineObject
            }
        }
    }

    private static let defineObject = "define it, or correct the name; another provider's object is named NAME@PROVIDER"

    /// Nil when nothing comes near, and when looking among thousands of names, for thousands of objects, would take too long.
    private static func suggestion(for name: String, among names: some Collection<String>) -> String? {
        guard names.count <= 500 else { return nil }
        return NearestName.of(name, among: names.sorted()).map { "did you mean \"\($0)\"?" }
    }
}
