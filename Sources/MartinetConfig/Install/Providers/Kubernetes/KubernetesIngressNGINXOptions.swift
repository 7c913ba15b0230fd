/// Kubernetes Ingress with NGINX's annotations.
package struct KubernetesIngressNGINXOptions: OptionGroup {
    package var endpoint = ""
    package var token = ""
    package var certAuthFilePath = ""
    package var throttleDuration: OptionDuration = .zero
    package var watchNamespace = ""
    package var watchNamespaceSelector = ""
    package var ingressClass = "nginx"
    package var controllerClass = "k8s.io/ingress-nginx"
    package var watchIngressWithoutClass = false
    package var ingressClassByName = false
    package var publishService = ""
    package var publishStatusAddress: [String] = []
    package var defaultBackendService = ""
    package var disableSvcExternalName = false
    package var allowSnippetAnnotations = false
    package var allowCrossNamespaceResources = false
    package var globalAllowedResponseHeaders: [String] = []
    package var globalAuthURL = ""
    package var customHTTPErrors: [String] = []
    package var httpEntryPoint: [String] = []
    package var httpsEntryPoint: [String] = []
    package var strictValidatePathType = true
    package var ipAllowListStrategy: IPStrategyOptions?
    package var proxyRequestBuffering = false
    package var clientBodyBufferSize = 16384
    package var proxyBodySize = 1_048_576
    package var proxyBuffering = false
    package var proxyBufferSize = 8192
    package var proxyBuffersNumber = 4
    package var proxyConnectTimeout = 60
    package var proxyReadTimeout = 60
    package var proxySendTimeout = 60
    package var proxyNextUpstream = "error timeout"
    package var proxyNextUpstreamTries = 3
    package var proxyNextUpstreamTimeout = 0
    package var upstreamKeepaliveTimeout = 60

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("endpoint", \.endpoint, "API server."),
        .init("token", \.token, "Token, or file with it.", secret: true),
        .init("certAuthFilePath", \.certAuthFilePath, "Authority of the API server."),
        .init("throttleDuration", \.throttleDuration, "Least pause between two configurations."),
        .init("watchNamespace", \.watchNamespace, "Namespace watched."),
        .init("watchNamespaceSelector", \.watchNamespaceSelector, "Namespaces watched, by label."),
        .init("ingressClass", \.ingressClass, "Ingress class."),
        .init("controllerClass", \.controllerClass, "Controller class."),
        .init("watchIngressWithoutClass", \.watchIngressWithoutClass, "Whether Ingresses without class count."),
        .init("ingressClassByName", \.ingressClassByName, "Whether classes are found by name."),
        .init("publishService", \.publishService, "namespace/name of a service."),
        .init("publishStatusAddress", \.publishStatusAddress, "Addresses."),
        .init("defaultBackendService", \.defaultBackendService, "namespace/name of a service."),
        .init("disableSvcExternalName", \.disableSvcExternalName, "Whether ExternalName services are refused."),
        .init("allowSnippetAnnotations", \.allowSnippetAnnotations, "Whether snippets are used."),
        .init(
            "allowCrossNamespaceResources", \.allowCrossNamespaceResources,
            "Whether other namespaces' secrets are used."
        ),
        .init("globalAllowedResponseHeaders", \.globalAllowedResponseHeaders, "Headers custom-headers may set."),
        .init("globalAuthURL", \.globalAuthURL, "Auth server for all."),
        .init("customHTTPErrors", \.customHTTPErrors, "Statuses sent to the default backend."),
        .init("httpEntryPoint", \.httpEntryPoint, "Entry point for HTTP."),
        .init("httpsEntryPoint", \.httpsEntryPoint, "Entry point for HTTPS."),
        .init("strictValidatePathType", \.strictValidatePathType, "Whether odd paths are refused."),
        .init("ipAllowListStrategy", \.ipAllowListStrategy, "How the client's address is found."),
        .init("proxyRequestBuffering", \.proxyRequestBuffering, "Default."),
        .init("clientBodyBufferSize", \.clientBodyBufferSize, "Default."),
        .init("proxyBodySize", \.proxyBodySize, "Default."),
        .init("proxyBuffering", \.proxyBuffering, "Default."),
        .init("proxyBufferSize", \.proxyBufferSize, "Default."),
        .init("proxyBuffersNumber", \.proxyBuffersNumber, "Default."),
        .init("proxyConnectTimeout", \.proxyConnectTimeout, "Default, in seconds."),
        .init("proxyReadTimeout", \.proxyReadTimeout, "Default, in seconds."),
        .init("proxySendTimeout", \.proxySendTimeout, "Default, in seconds."),
        .init("proxyNextUpstream", \.proxyNextUpstream, "Default."),
        .init("proxyNextUpstreamTries", \.proxyNextUpstreamTries, "Default."),
        .init("proxyNextUpstreamTimeout", \.proxyNextUpstreamTimeout, "Default, in seconds."),
        .init("upstreamKeepaliveTimeout", \.upstreamKeepaliveTimeout, "Default, in seconds."),
    ]
}
