/// Kubernetes custom resources.
package struct KubernetesCRDOptions: OptionGroup {
    package var endpoint = ""
    package var token = ""
    package var certAuthFilePath = ""
    package var namespaces: [String] = []
    package var allowCrossNamespace = false
    package var allowExternalNameServices = false
    package var labelSelector = ""
    package var ingressClass = ""
    package var throttleDuration: OptionDuration = .zero
    package var allowEmptyServices = false
    package var nativeLBByDefault = false
    package var disableClusterScopeResources = false
    package var crossProviderNamespaces: [String]?
    package var safeNaming: Bool?
    package var defaultTLSResourcesNamespace = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("endpoint", \.endpoint, "API server."),
        .init("token", \.token, "Token, or file with it.", secret: true),
        .init("certAuthFilePath", \.certAuthFilePath, "Authority of the API server."),
        .init("namespaces", \.namespaces, "Namespaces watched; empty: all."),
        .init("allowCrossNamespace", \.allowCrossNamespace, "Whether objects may name those of other namespaces."),
        .init("allowExternalNameServices", \.allowExternalNameServices, "Whether ExternalName services are used."),
        .init("labelSelector", \.labelSelector, "Which objects count."),
        .init("ingressClass", \.ingressClass, "Ingress class."),
        .init("throttleDuration", \.throttleDuration, "Least pause between two configurations."),
        .init("allowEmptyServices", \.allowEmptyServices, "Whether services without endpoints keep their routers."),
        .init("nativeLBByDefault", \.nativeLBByDefault, "Whether the cluster IP is used."),
        .init(
            "disableClusterScopeResources", \.disableClusterScopeResources,
            "Whether cluster-wide objects are left alone."
        ),
        .init(
            "crossProviderNamespaces", \.crossProviderNamespaces, "Namespaces that may name other providers' objects."
        ),
        .init("safeNaming", \.safeNaming, "Whether names cannot collide."),
        .init("defaultTLSResourcesNamespace", \.defaultTLSResourcesNamespace, "The namespace of default TLS objects."),
    ]
}
