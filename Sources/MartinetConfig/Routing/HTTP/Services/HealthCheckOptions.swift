/// Requests that find out whether a server is well.
package struct HealthCheckOptions: OptionGroup {
    package var scheme = ""
    package var mode = "http"
    package var path = ""
    package var method = ""
    package var status = 0
    package var port = 0
    package var interval: OptionDuration? = .seconds(30)
    package var unhealthyInterval: OptionDuration?
    package var timeout: OptionDuration? = .seconds(5)
    package var hostname = ""
    package var followRedirects: Bool? = true
    package var headers: [String: String] = [:]

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("scheme", \.scheme, "http or https; empty: the server's."),
        .init("mode", \.mode, "http (default) or grpc."),
        .init("path", \.path, "Path to ask for, relative.", text: .target),
        .init("method", \.method, "Method (default GET).", text: .name),
        .init("status", \.status, "Status that means well; 0: 200 to 399."),
        .init("port", \.port, "Port; 0: the server's."),
        .init("interval", \.interval, "Pause between two checks (default 30s)."),
        .init("unhealthyInterval", \.unhealthyInterval, "Pause while the server is down; unset: interval."),
        .init("timeout", \.timeout, "Longest wait for the answer (default 5s)."),
        .init("hostname", \.hostname, "Host header.", text: .target),
        .init("followRedirects", \.followRedirects, "Whether redirections are followed (default true)."),
        .init("headers", \.headers, "Further headers.", text: .value),
    ]
}
