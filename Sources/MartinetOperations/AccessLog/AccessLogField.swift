/// A field of the access log under Traefik's name, in the order of a JSON line: by the bytes of the name.
///
/// The raw value is the position in ``AccessLogModes``'s mask.
enum AccessLogField: UInt8, CaseIterable, Sendable {
    /// `address:port` of the client's connection.
    case clientAddr
    /// `X-Forwarded-For` if it survived the entry point's trust rules, else the client's address.
    case clientHost
    case clientPort
    case clientUsername
    case downstreamContentSize
    case downstreamStatus
    /// Nanoseconds.
    case duration
    /// Size from the server over size to the client; only where the two differ.
    case gzipRatio
    case originContentSize
    /// Nanoseconds.
    case originDuration
    case originStatus
    /// Nanoseconds: the whole duration without the server's.
    case overhead
    /// The Host header.
    case requestAddr
    case requestContentSize
    /// Number of the request since the start of the process.
    case requestCount
    case requestHost
    case requestMethod
    case requestPath
    case requestPort
    case requestProtocol
    case requestScheme
    case retryAttempts
    case routerName
    case serviceAddr
    case serviceName
    case serviceURL
    case startLocal
    case startUTC
    /// Go's name of the suite; only of requests that came by TLS, as are the next two.
    case tlsCipher
    /// Only of clients that showed a certificate.
    case tlsClientSubject
    case tlsVersion
    case entryPointName

    /// How a JSON object begins the member: the name in quotes, and the colon.
    var key: StaticString {
        switch self {
        case .clientAddr: #""ClientAddr":"#
        case .clientHost: #""ClientHost":"#
        case .clientPort: #""ClientPort":"#
        case .clientUsername: #""ClientUsername":"#
        case .downstreamContentSize: #""DownstreamContentSize":"#
        case .downstreamStatus: #""DownstreamStatus":"#
        case .duration: #""Duration":"#
        case .gzipRatio: #""GzipRatio":"#
        case .originContentSize: #""OriginContentSize":"#
        case .originDuration: #""OriginDuration":"#
        case .originStatus: #""OriginStatus":"#
        case .overhead: #""Overhead":"#
        case .requestAddr: #""RequestAddr":"#
        case .requestContentSize: #""RequestContentSize":"#
        case .requestCount: #""RequestCount":"#
        case .requestHost: #""RequestHost":"#
        case .requestMethod: #""RequestMethod":"#
        case .requestPath: #""RequestPath":"#
        case .requestPort: #""RequestPort":"#
        case .requestProtocol: #""RequestProtocol":"#
        case .requestScheme: #""RequestScheme":"#
        case .retryAttempts: #""RetryAttempts":"#
        case .routerName: #""RouterName":"#
        case .serviceAddr: #""ServiceAddr":"#
        case .serviceName: #""ServiceName":"#
        case .serviceURL: #""ServiceURL":"#
        case .startLocal: #""StartLocal":"#
        case .startUTC: #""StartUTC":"#
        case .tlsCipher: #""TLSCipher":"#
        case .tlsClientSubject: #""TLSClientSubject":"#
        case .tlsVersion: #""TLSVersion":"#
        case .entryPointName: #""entryPointName":"#
        }
    }

    /// The name in the options, where letter case does not count.
    var name: String { "\(key)".filter { $0 != "\"" && $0 != ":" } }

    /// Fields of Traefik's that no request has here yet: known, so that a mode given to one of them is no mistake.
    static let absent = [
        "TraceId", "SpanId", "trace_id", "span_id", "KubernetesIngressNamespace", "KubernetesIngressName",
        "KubernetesServiceName", "KubernetesServicePort",
    ]
}
