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
    let identity: WhoamiIdentity
    let request: RequestHead
    let remote: SocketAddress?

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
        var answer = WhoamiAnswer(body: ByteBuffer(), keepAlive: request.keepAlive, headOnly: request.method == .head)
        switch request.pathString {
        case "/api":
            answer.contentType = "application/json"
            answer.body = ByteBuffer(string: json)
        case "/bench":
            answer.body = ByteBuffer(string: "1")
        case "/health":
            if request.method == .post, let status = Int(String(buffer: body)), (100...999).contains(status) {
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
        lines.append("\(request.methodString) \(request.requestURI) \(request.version.text)")
        lines.append("Host: \(request.hostString)")
        for (name, value) in sortedFields where name.lowercased() != "host" { lines.append("\(name): \(value)") }
        return lines.joined(separator: "\n") + "\n\n"
    }

    private var json: String {
        var headers: [(String, [String])] = []
        for (name, value) in sortedFields where name.lowercased() != "host" {
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
        members.append("\"url\":\(quoted(request.requestURI))")
        members.append("\"host\":\(quoted(request.hostString))")
        members.append("\"method\":\(quoted(request.methodString))")
        if !identity.name.isEmpty { members.append("\"name\":\(quoted(identity.name))") }
        members.append("\"remoteAddr\":\(quoted(remoteText))")
        return "{\(members.joined(separator: ","))}\n"
    }

    private var remoteText: String {
        guard let remote, let ip = remote.ipAddress else { return "" }
        return ip.contains(":") ? "[\(ip)]:\(remote.port ?? 0)" : "\(ip):\(remote.port ?? 0)"
    }

    private var sortedFields: [(String, String)] {
        request.headers.entries
            .map { (request.headers.string($0.name), request.headers.string($0.value)) }
            .sorted { $0.0 < $1.0 }
    }

    private var parameters: [String: String] {
        var result: [String: String] = [:]
        for pair in (request.queryString ?? "").split(separator: "&") {
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
