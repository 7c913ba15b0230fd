/// One server of a load balancer.
package struct ServerOptions: OptionGroup {
    package var url = ""
    package var weight: Int?
    package var preservePath = false
    package var fenced = false

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("url", \.url, "Address, for example http://10.0.0.1:8080.", text: .target),
        .init("weight", \.weight, "Share of the requests (default 1); 0 or less: none."),
        .init("preservePath", \.preservePath, "Whether the URL's path is put before the request's."),
    ]
}
