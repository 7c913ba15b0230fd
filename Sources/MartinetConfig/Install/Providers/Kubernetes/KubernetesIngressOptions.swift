/// Kubernetes Ingress.
package struct KubernetesIngressOptions: OptionGroup {
    package var endpoint = ""
    package var token = ""
    package var certAuthFilePath = ""
    package var namespaces: [String] = []
    package var labelSelector = ""
    package var ingressClass = ""
    package var ingressEndpoint: IngressEndpointOptions?
    package var throttleDuration: OptionDuration = .zero
    package var allowEmptyServices = false
    package var allowExternalNameServices = false
    package var crossProviderNamespaces: [String]?
    package var disableIngressClassLookup = false
    package var disableClusterScopeResources = false
    package var nativeLBByDefault = false
    package var strictPrefixMatching = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("endpoint", \.endpoint, "API server."),
        .init("token", \.token, "Token, or file with it.", secret: true),
        .init("certAuthFilePath", \.certAuthFilePath, "Authority of the API server."),
        .init("namespaces", \.namespaces, "Namespaces watched; empty: all."),
        .init("labelSelector", \.labelSelector, "Which objects count."),
        .init("ingressClass", \.ingressClass, "Ingress class."),
        .init("ingressEndpoint", \.ingressEndpoint, "Status of Ingresses."),
        .init("throttleDuration", \.throttleDuration, "Least pause between two configurations."),
        .init("allowEmptyServices", \.allowEmptyServices, "Whether services without endpoints keep their routers."),
        .init("allowExternalNameServices", \.allowExternalNameServices, "Whether ExternalName services are used."),
        .init(
            "crossProviderNamespaces", \.crossProviderNamespaces, "Namespaces that may name other providers' objects."
        ),
        .init(
            "disableIngressClassLookup", \.disableIngressClassLookup, "No effect.",
            deprecated: "use disableClusterScopeResources"
        ),
        .init(
            "disableClusterScopeResources", \.disableClusterScopeResources,
            "Whether cluster-wide objects are left alone."
        ),
        .init("nativeLBByDefault", \.nativeLBByDefault, "Whether the cluster IP is used."),
        .init("strictPrefixMatching", \.strictPrefixMatching, "Whether prefixes end at segments."),
    ]
}
