/// Where the proxy listens, and what holds for all that comes in there.
package struct EntryPointOptions: OptionGroup {
    package var address = ""
    package var asDefault = false
    package var reusePort = false
    package var allowACMEByPass = false
    package var transport = EntryPointTransportOptions()
    package var proxyProtocol: ProxyProtocolOptions?
    package var forwardedHeaders = ForwardedHeadersOptions()
    package var http = EntryPointHTTPOptions()
    package var http2 = HTTP2Options()
    package var http3: HTTP3Options?
    package var udp: EntryPointUDPOptions?
    package var observability: EntryPointObservabilityOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "host:port, with /udp for UDP."),
        .init("asDefault", \.asDefault, "Whether routers that name no entry point are put here."),
        .init("reusePort", \.reusePort, "Whether the port is shared with other processes (SO_REUSEPORT)."),
        .init("allowACMEByPass", \.allowACMEByPass, "Whether routers may take ACME challenges."),
        .init("transport", \.transport, "Deadlines and limits of connections."),
        .init("proxyProtocol", \.proxyProtocol, "PROXY protocol headers in front of connections."),
        .init("forwardedHeaders", \.forwardedHeaders, "Whose X-Forwarded headers are believed."),
        .init("http", \.http, "HTTP."),
        .init("http2", \.http2, "HTTP/2."),
        .init("http3", \.http3, "HTTP/3."),
        .init("udp", \.udp, "UDP."),
        .init("observability", \.observability, "What routers record unless they say otherwise."),
    ]
}
