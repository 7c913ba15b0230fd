package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Puts a page of a service in the place of bad answers (Traefik's `errors`), whoever gave them: the server, the proxy, or a
/// middleware further in. The page keeps the status of the answer, or what `statusRewrites` makes of it.
///
/// The service gets a GET without a body. Unless `errorRequestHeaders` names the headers to hand on, it gets the client's without its
/// credentials: whoever serves error pages has no business with them (CVE-2026-41181).
package final class ErrorPages: HTTPMiddleware {
    package let phases: MiddlewarePhases = .response
    private let statuses: [ClosedRange<UInt16>]
    private let rewrites: [(range: ClosedRange<UInt16>, status: UInt16)]
    private let service: any HTTPService
    private let template: PageTemplate
    /// In lower case; nil hands on all but credentials.
    private let wanted: Set<String>?

    private final class Pending {
        let original: RequestHead
        let status: UInt16
        let appendedForwardedFor: Bool

        init(_ original: consuming RequestHead, status: UInt16, appendedForwardedFor: Bool) {
            self.original = original
            self.status = status
            self.appendedForwardedFor = appendedForwardedFor
        }
    }

    /// `service`: gives the service of that name. Throws when there is none, or a status is no good.
    package init(_ options: ErrorsOptions, service: (String) throws -> any HTTPService) throws {
        guard !options.service.isEmpty else {
            throw MiddlewareError("errors.service is empty", remedy: "name the service that has the pages")
        }
        statuses = try StatusRanges.parse(options.status, option: "errors.status")
        var rewrites: [(range: ClosedRange<UInt16>, status: UInt16)] = []
        for (text, status) in options.statusRewrites.sorted(by: { $0.key < $1.key }) {
            guard (200...999).contains(status) else {
                throw MiddlewareError("errors.statusRewrites: \(status) is no status", remedy: "give one such as 500")
            }
            for range in try StatusRanges.parse([text], option: "errors.statusRewrites") {
                rewrites.append((range, UInt16(status)))
            }
        }
        self.rewrites = rewrites
        template = PageTemplate(options.query)
        // An empty list means the same as none, as in Traefik.
        let names = options.errorRequestHeaders ?? []
        wanted = names.isEmpty ? nil : Set(names.map { $0.lowercased() })
        self.service = try service(options.service)
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        // Another attempt, after one whose page could not be had.
        if exchange.state(of: self, as: Pending.self) != nil { exchange.removeState(of: self) }
        return .proceed
    }

    package func response(_ exchange: Exchange) -> ResponseOutcome {
        if let pending = exchange.state(of: self, as: Pending.self) {
            exchange.removeState(of: self)
            exchange.request = pending.original.copy()
            exchange.appendsForwardedFor = pending.appendedForwardedFor
            exchange.response.status = pending.status
            exchange.response.reason = .empty
            return .proceed
        }
        let status = exchange.response.status
        guard statuses.contains(where: { $0.contains(status) }) else { return .proceed }
        let rewritten = rewrites.first { $0.range.contains(status) }?.status ?? status
        let original = exchange.request.copy()
        exchange.setState(
            Pending(original, status: rewritten, appendedForwardedFor: exchange.appendsForwardedFor), of: self)
        askForPage(exchange, status: rewritten, original: status)
        return .ask(service)
    }

    /// Makes the request for the page out of the client's.
    private func askForPage(_ exchange: Exchange, status: UInt16, original: UInt16) {
        let target = template.fill(exchange, status: status, original: original)
        exchange.request.method = .get
        exchange.request.methodBytes = exchange.request.headers.store("GET" as StaticString)
        exchange.request.setPath(target.path)
        exchange.request.setQuery(target.query)
        exchange.request.framing = .none
        exchange.request.expectsContinue = false
        exchange.request.wantsUpgrade = false
        exchange.request.headers.removeAll { block, entry in !passes(block, entry) }
        exchange.appendsForwardedFor = false
    }

    private func passes(_ block: borrowing HeaderBlock, _ entry: HeaderBlock.Entry) -> Bool {
        switch entry.id {
        case .contentLength, .transferEncoding, .expect, .trailer, .te, .upgrade, .connection: return false
        // How often we asked ourselves already is never to be forgotten.
        case .xMartinetHops, .host: return true
        default: break
        }
        if let wanted { return wanted.contains(block.string(entry.name).lowercased()) }
        switch block.withBytes(entry.name, { HeaderTwins.dashedID($0) }) {
        case .authorization, .proxyAuthorization, .cookie: return false
        default: return true
        }
    }
}
