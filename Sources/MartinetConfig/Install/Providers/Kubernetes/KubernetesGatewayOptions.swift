/// Kubernetes Gateway API.
package struct KubernetesGatewayOptions: OptionGroup {
    package var endpoint = ""
    package var token = ""
    package var certAuthFilePath = ""
    package var namespaces: [String] = []
    package var labelSelector = ""
    package var throttleDuration: OptionDuration = .zero
    package var experimentalChannel = false
    package var statusAddress: StatusAddressOptions?
    package var nativeLBByDefault = false
    package var crossProviderNamespaces: [String]?
    package var qps = 50
    package var burst = 100
    package var gateways: [GatewayReferenceOptions] = []

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("endpoint", \.endpoint, "API server."),
        .init("token", \.token, "Token, or file with it.", secret: true),
        .init("certAuthFilePath", \.certAuthFilePath, "Authority of the API server."),
        .init("namespaces", \.namespaces, "Namespaces watched; empty: all."),
        .init("labelSelector", \.labelSelector, "Which objects count."),
        .init("throttleDuration", \.throttleDuration, "Least pause between two configurations."),
        .init("experimentalChannel", \.experimentalChannel, "Whether experimental kinds count."),
        .init("statusAddress", \.statusAddress, "Status of Gateways."),
        .init("nativeLBByDefault", \.nativeLBByDefault, "Whether the cluster IP is used."),
        .init(
            "crossProviderNamespaces", \.crossProviderNamespaces, "Namespaces that may name other providers' objects."
        ),
        .init("qps", \.qps, "Requests a second to the API server."),
        .init("burst", \.burst, "Requests at once."),
        .init("gateways", \.gateways, "The only Gateways served."),
    ]
}
