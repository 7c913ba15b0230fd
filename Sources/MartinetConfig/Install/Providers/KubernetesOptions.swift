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

/// Status of Ingresses.
package struct IngressEndpointOptions: OptionGroup {
    package var ip = ""
    package var hostname = ""
    package var publishedService = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("ip", \.ip, "Address."),
        .init("hostname", \.hostname, "Name."),
        .init("publishedService", \.publishedService, "namespace/name of a service."),
    ]
}

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

/// Status of Gateways.
package struct StatusAddressOptions: OptionGroup {
    package var ip = ""
    package var hostname = ""
    package var service: ServiceReferenceOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("ip", \.ip, "Address."),
        .init("hostname", \.hostname, "Name."),
        .init("service", \.service, "Service."),
    ]
}

/// A service.
package struct ServiceReferenceOptions: OptionGroup {
    package var name = ""
    package var namespace = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("name", \.name, "Name."),
        .init("namespace", \.namespace, "Namespace."),
    ]
}

/// A Gateway.
package struct GatewayReferenceOptions: OptionGroup {
    package var name = ""
    package var namespace = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("name", \.name, "Name."),
        .init("namespace", \.namespace, "Namespace."),
    ]
}

/// Knative.
package struct KnativeOptions: OptionGroup {
    package var endpoint = ""
    package var token = ""
    package var certAuthFilePath = ""
    package var namespaces: [String] = []
    package var labelSelector = ""
    package var publicEntrypoints: [String] = []
    package var publicService: ServiceReferenceOptions?
    package var privateEntrypoints: [String] = []
    package var privateService: ServiceReferenceOptions?
    package var throttleDuration: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("endpoint", \.endpoint, "API server."),
        .init("token", \.token, "Token, or file with it.", secret: true),
        .init("certAuthFilePath", \.certAuthFilePath, "Authority of the API server."),
        .init("namespaces", \.namespaces, "Namespaces watched; empty: all."),
        .init("labelSelector", \.labelSelector, "Which objects count."),
        .init("publicEntrypoints", \.publicEntrypoints, "Entry points of public routes."),
        .init("publicService", \.publicService, "Public service."),
        .init("privateEntrypoints", \.privateEntrypoints, "Entry points of private routes."),
        .init("privateService", \.privateService, "Private service."),
        .init("throttleDuration", \.throttleDuration, "Least pause between two configurations."),
    ]
}
