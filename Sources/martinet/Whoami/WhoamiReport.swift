import MartinetHTTP
import NIOCore

/// An answer of the demo server, whole.
struct WhoamiAnswer: Sendable {
    var status = 200
    var contentType: StaticString = "text/plain; charset=utf-8"
    var body: ByteBuffer
    var keepAlive: Bool
    var headOnly = false
    var extra = ""

    func write(to out: inout ByteBuffer) {
        let reason = UInt16(exactly: status).flatMap(StatusText.reason) ?? ""
        out.writeString("HTTP/1.1 \(status) \(reason)\r\nContent-Type: \(contentType)\r\n")
        out.writeString(
            "Content-Length: \(body.readableBytes)\r\n\(extra)\(keepAlive ? "" : "Connection: close\r\n")\r\n")
        if !headOnly { out.writeImmutableBuffer(body) }
    }
}

/// Describes a request to the one who made it.
struct WhoamiReport {
    private let identity: WhoamiIdentity
    private let remote: SocketAddress?
    private let method: String
    private let isHead: Bool
    private let path: String
    private let query: String
    private let requestURI: String
    private let version: StaticString
    private let host: String
    private let fields: [(name: String, value: String)]
    private let keepAlive: Bool

    init(identity: WhoamiIdentity, request: borrowing RequestHead, remote: SocketAddress?) {
        self.identity = identity
        self.remote = remote
        method = request.methodString
        isHead = request.method == .head
        path = request.pathString
        query = request.queryString ?? ""
        requestURI = request.requestURI
        version = request.version.text
        host = request.hostString
        var fields: [(name: String, value: String)] = []
        for entry in request.headers.entries where entry.id != .host {
            fields.append((request.headers.string(entry.name), request.headers.string(entry.value)))
        }
        self.fields = fields.sorted { $0.name < $1.name }
        keepAlive = request.keepAlive
    }

    /// Most bytes `/data` gives: 1 GiB would hold the demo server's memory hostage, so it stops at 64 MiB.
    private static let dataLimit = 64 << 20

    /// How long `?wait=` asks to hold the answer back: `2s`, `150ms`; at most a minute.
    var delay: TimeAmount {
        guard let text = parameters["wait"] else { return .zero }
        let digits = text.prefix { $0.isNumber }
        guard let number = Int64(digits), number >= 0 else { return .zero }
        switch text.dropFirst(digits.count) {
        case "ms": return .milliseconds(min(number, 60_000))
        case "s": return .seconds(min(number, 60))
        default: return .zero
        }
    }

    func answer(health: HealthStatus, body: ByteBuffer) -> WhoamiAnswer {
        var answer = WhoamiAnswer(body: ByteBuffer(), keepAlive: keepAlive, headOnly: isHead)
        switch path {
        case "/api":
            answer.contentType = "application/json"
            answer.body = ByteBuffer(string: json)
        case "/bench":
            answer.body = ByteBuffer(string: "1")
        case "/health":
            if method == "POST", let status = Int(String(buffer: body)), (100...999).contains(status) {
                health.status = status
            } else {
                answer.status = health.status
            }
        case "/data":
            answer.contentType = "application/octet-stream"
            answer.body = ByteBuffer(repeating: UInt8(ascii: "|"), count: dataSize)
            if parameters["attachment"] == "true" {
                answer.extra = "Content-Disposition: attachment; filename=\"data.txt\"\r\n"
            }
        default:
            answer.body = ByteBuffer(string: text)
        }
        return answer
    }

    private var text: String {
        var lines: [String] = []
        if !identity.name.isEmpty { lines.append("Name: \(identity.name)") }
        lines.append("Hostname: \(identity.hostName)")
        lines += identity.addresses.map { "IP: \($0)" }
        lines.append("RemoteAddr: \(remoteText)")
        lines.append("\(method) \(requestURI) \(version)")
        lines.append("Host: \(host)")
        for (name, value) in fields { lines.append("\(name): \(value)") }
        return lines.joined(separator: "\n") + "\n\n"
    }

    private var json: String {
        var headers: [(String, [String])] = []
        for (name, value) in fields {
            if headers.last?.0 == name {
                headers[headers.count - 1].1.append(value)
            } else {
                headers.append((name, [value]))
            }
        }
        let fields = headers.map { "\(quoted($0.0)):[\($0.1.map(quoted).joined(separator: ","))]" }
        var members = ["\"hostname\":\(quoted(identity.hostName))"]
        members.append("\"ip\":[\(identity.addresses.map(quoted).joined(separator: ","))]")
        members.append("\"headers\":{\(fields.joined(separator: ","))}")
        members.append("\"url\":\(quoted(requestURI))")
        members.append("\"host\":\(quoted(host))")
        members.append("\"method\":\(quoted(method))")
        if !identity.name.isEmpty { members.append("\"name\":\(quoted(identity.name))") }
        members.append("\"remoteAddr\":\(quoted(remoteText))")
        return "{\(members.joined(separator: ","))}\n"
    }

    private var remoteText: String {
        guard let remote, let ip = remote.ipAddress else { return "" }
        return ip.contains(":") ? "[\(ip)]:\(remote.port ?? 0)" : "\(ip):\(remote.port ?? 0)"
    }

    private var parameters: [String: String] {
        var result: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if let key = parts.first { result[String(key)] = parts.count > 1 ? String(parts[1]) : "" }
        }
        return result
    }

    private var dataSize: Int {
        let units = ["KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30]
        let unit = units[(parameters["unit"] ?? "").uppercased()] ?? 1
        let size = Int(parameters["size"] ?? "1") ?? 1
        guard size > 0, size <= Self.dataLimit / unit else { return size > 0 ? Self.dataLimit : 0 }
        return size * unit
    }

    private func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
