import MartinetCore
import MartinetHTTP

/// Which pages may call, by the rules of the library that Traefik uses.
struct GRPCWebOrigins: Sendable {
    private let allowed: Set<String>
    private let allowsAll: Bool

    init(_ origins: [String]) {
        allowed = Set(origins)
        allowsAll = allowed.contains("*")
    }

    /// What a browser asks before it sends a call: with a method to come it is answered here, else it is taken for the call.
    static func isPreflight(_ exchange: Exchange) -> Bool {
        exchange.request.method == .options
            && (exchange.request.headers.string(.accessControlRequestHeaders) ?? "").lowercased().contains("x-grpc-web")
    }

    /// Answers a preflight; nothing is allowed to other origins, nor to methods that no call has.
    func answerPreflight(_ exchange: Exchange) {
        let origin = exchange.request.headers.string(.origin) ?? ""
        let method = (exchange.request.headers.string(.accessControlRequestMethod) ?? "").uppercased()
        let headers = Self.canonicalNames(exchange.request.headers.string(.accessControlRequestHeaders) ?? "")
        exchange.setLocalResponse(200)
        exchange.response.headers.add(.vary, "Origin" as StaticString)
        exchange.response.headers.add(.vary, "Access-Control-Request-Method" as StaticString)
        exchange.response.headers.add(.vary, "Access-Control-Request-Headers" as StaticString)
        guard admits(origin), ["GET", "POST", "HEAD", "OPTIONS"].contains(method) else { return }
        exchange.response.headers.add(.accessControlAllowOrigin, origin)
        exchange.response.headers.add(name: "Access-Control-Allow-Methods", value: method)
        exchange.response.headers.add(name: "Access-Control-Allow-Headers", value: headers)
        exchange.response.headers.add(name: "Access-Control-Allow-Credentials", value: "true")
        exchange.response.headers.add(name: "Access-Control-Max-Age", value: "600")
    }

    /// Tells the browser whether the page may see the answer. What the server itself says of it stays.
    func apply(to exchange: Exchange) {
        if !exchange.response.headers.lists("Origin", in: .vary) {
            exchange.response.headers.add(.vary, "Origin" as StaticString)
        }
        let origin = exchange.request.headers.string(.origin) ?? ""
        guard admits(origin) else { return }
        if !exchange.response.headers.contains(.accessControlAllowOrigin) {
            exchange.response.headers.add(.accessControlAllowOrigin, origin)
        }
        if !exchange.response.headers.contains(name: "Access-Control-Allow-Credentials") {
            exchange.response.headers.add(name: "Access-Control-Allow-Credentials", value: "true")
        }
    }

    private func admits(_ origin: String) -> Bool { !origin.isEmpty && (allowsAll || allowed.contains(origin)) }

    /// `x-grpc-web,u-a` as `X-Grpc-Web, U-A`; what no name can hold is left out.
    private static func canonicalNames(_ list: String) -> String {
        let names = list.split { $0 == "," || $0 == " " }.map { name in
            name.split(separator: "-", omittingEmptySubsequences: false).map { part in
                let plain = part.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
                return plain.prefix(1).uppercased() + plain.dropFirst().lowercased()
            }.joined(separator: "-")
        }
        return names.joined(separator: ", ")
    }
}

extension HeaderBlock {
    /// Whether a line of that name holds the token, of a list in any letter case.
    func lists(_ token: StaticString, in id: HeaderID) -> Bool {
        for entry in entries where entry.id == id {
            if withBytes(entry.value, { ASCII.list($0, contains: token) }) { return true }
        }
        return false
    }
}
