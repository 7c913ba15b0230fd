package import MartinetConfig
package import MartinetCore
import MartinetHTTP
import NIOCore

/// `api@internal`: what is configured and in which state, with Traefik's paths and shapes.
///
/// Answers are made on another thread: the one to `/api/rawdata` can be megabytes long.
package final class APIHandler: HTTPService {
    package let name = "api@internal"
    private let runtime: RuntimeHolder
    private let installation: InstallConfiguration
    private let version: String
    private let codename: String
    private let started: String
    private let basePath: String
    private let overload: (@Sendable () -> OverloadDocument)?

    /// - Parameters:
    ///   - basePath: put before `/api`; `/` for none.
    ///   - overload: how the process is; nil leaves it out of the overview.
    package init(
        runtime: RuntimeHolder, installation: InstallConfiguration, version: String, codename: String, basePath: String,
        overload: (@Sendable () -> OverloadDocument)? = nil
    ) {
        self.overload = overload
        self.runtime = runtime
        self.installation = installation
        self.version = version
        self.codename = codename
        self.started = Timestamp.now()
        self.basePath = basePath == "/" ? "" : basePath
    }

    package func serve(_ exchange: Exchange) -> ServiceOutcome {
        guard exchange.request.method == .get else {
            exchange.setLocalResponse(405)
            return .respond
        }
        let path = exchange.request.pathString
        let query = exchange.request.queryString ?? ""
        exchange.driver?.offload { [self] in
            answer(path, query)
        } completion: { answer in
            answer.apply(to: exchange)
            exchange.resume(.respond)
        }
        return .wait
    }

    private func answer(_ path: String, _ query: String) -> APIAnswer {
        guard path.hasPrefix(basePath + "/api/") else { return .notFound }
        let parts = path.dropFirst(basePath.count + 5).split(separator: "/", omittingEmptySubsequences: false)
            .map { APIQuery.unescape(String($0)) }
        let query = APIQuery(query)
        switch parts.first {
        case "version" where parts.count == 1: return .json(versionDocument)
        case "overview" where parts.count == 1: return .json(overview)
        case "rawdata" where parts.count == 1: return .json(RuntimeDocuments.raw(runtime.current))
        case "entrypoints": return entryPoints(parts, query)
        case "http" where parts.count >= 2: return http(parts, query)
        case "tcp" where parts.count == 2 && ["routers", "services", "middlewares"].contains(parts[1]),
            "udp" where parts.count == 2 && ["routers", "services"].contains(parts[1]):
            return APIList.answer([], query)
        case "certificates" where parts.count == 1: return APIList.answer([], query)
        default: return .notFound
        }
    }

    private var versionDocument: JSONValue {
        .object([
            .init("Version", .string(version)), .init("Codename", .string(codename)),
            .init("startDate", .string(started)),
        ])
    }

    private var overview: JSONValue {
        var document = RuntimeDocuments.overview(runtime.current, installation)
        if let overload, case .object(var members) = document {
            members.append(.init("overload", overload().json))
            document = .object(members)
        }
        return document
    }

    private func entryPoints(_ parts: [String], _ query: APIQuery) -> APIAnswer {
        let items = installation.entryPoints.map { name, options in
            APIItem(name: name, provider: "", status: "", document: Self.named(options.encode(), name))
        }
        if parts.count == 1 { return APIList.answer(items, query) }
        guard let item = items.first(where: { $0.name == parts[1] }) else { return .missing("entry point", parts[1]) }
        return .json(item.document)
    }

    private static func named(_ value: JSONValue?, _ name: String) -> JSONValue {
        guard case .object(var members) = value else { return .object([.init("name", .string(name))]) }
        members.append(.init("name", .string(name)))
        return .object(members)
    }

    private func http(_ parts: [String], _ query: APIQuery) -> APIAnswer {
        let items: [APIItem]
        let kind: String
        switch parts[1] {
        case "routers": (items, kind) = (RuntimeDocuments.routers(runtime.current), "router")
        case "services": (items, kind) = (RuntimeDocuments.services(runtime.current), "service")
        case "middlewares": (items, kind) = (RuntimeDocuments.middlewares(runtime.current), "middleware")
        default: return .notFound
        }
        if parts.count == 2 { return APIList.answer(items, query) }
        let name = parts[2...].joined(separator: "/")
        guard let item = items.first(where: { $0.name == name }) else { return .missing(kind, name) }
        return .json(item.document)
    }
}

/// An API answer before it is one.
struct APIAnswer: Sendable {
    var status: UInt16
    var body: String
    var contentType: String
    var nextPage: Int?

    static func json(_ value: JSONValue) -> APIAnswer {
        APIAnswer(status: 200, body: value.text, contentType: "application/json")
    }

    static let notFound = APIAnswer(status: 404, body: "404 page not found\n", contentType: "text/plain; charset=utf-8")

    static func missing(_ kind: String, _ name: String) -> APIAnswer {
        error(404, "\(kind) not found: \(name)")
    }

    /// JSON under the name of plain text, as Traefik's error helper writes it.
    static func error(_ status: UInt16, _ message: String) -> APIAnswer {
        let body = JSONValue.object([.init("message", .string(message))]).text
        return APIAnswer(status: status, body: body + "\n", contentType: "text/plain; charset=utf-8")
    }

    func apply(to exchange: Exchange) {
        exchange.setLocalResponse(status)
        exchange.response.headers.add(.contentType, contentType)
        if status >= 400 { exchange.response.headers.add(.xContentTypeOptions, "nosniff" as StaticString) }
        if let nextPage { exchange.response.headers.add(name: "X-Next-Page", value: String(nextPage)) }
        exchange.setLocalBody(body)
    }
}
