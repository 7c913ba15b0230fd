import MartinetConfig
import MartinetHTTP

/// A reader of input from strangers, with what must hold for every input.
package enum FuzzTarget: String, CaseIterable, Sendable {
    case requestHead = "request-head"
    case chunkedBody = "chunked-body"
    case responseHead = "response-head"
    case clientHello = "client-hello"
    case proxyHeader = "proxy-header"
    case hpack
    case http2Server = "http2-server"
    case http2Client = "http2-client"
    case http2Conversation = "http2-conversation"
    case redis
    case rules
    case yaml
    case toml
    case templates

    /// Reads `input` and throws if an invariant does not hold. A trap is a broken invariant, too.
    package func check(_ input: [UInt8]) throws(BrokenInvariant) {
        switch self {
        case .requestHead: try RequestHeadInvariants.check(input)
        case .chunkedBody: try ChunkedBodyInvariants.check(input)
        case .responseHead: try ResponseHeadInvariants.check(input)
        case .clientHello: try ClientHelloInvariants.check(input)
        case .proxyHeader: try ProxyHeaderInvariants.check(input)
        case .hpack: try HPACKInvariants.check(input)
        case .http2Server: try HTTP2Invariants.check(input, .server)
        case .http2Client: try HTTP2Invariants.check(input, .client)
        case .http2Conversation: try HTTP2ConversationInvariants.check(input)
        case .redis: try RedisInvariants.check(input)
        case .rules: try RuleInvariants.check(input)
        case .yaml: try DocumentInvariants.check(input, .yaml)
        case .toml: try DocumentInvariants.check(input, .toml)
        case .templates: try TemplateInvariants.check(input)
        }
    }
}
