/// Where routing configuration comes from.
package struct ProvidersOptions: OptionGroup {
    package var providersThrottleDuration: OptionDuration = .milliseconds(100)
    package var precedence: [String] = []
    package var docker: DockerOptions?
    package var swarm: SwarmOptions?
    package var file: FileProviderOptions?
    package var kubernetesIngress: KubernetesIngressOptions?
    package var kubernetesIngressNGINX: KubernetesIngressNGINXOptions?
    package var kubernetesCRD: KubernetesCRDOptions?
    package var kubernetesGateway: KubernetesGatewayOptions?
    package var knative: KnativeOptions?
    package var rest: RESTOptions?
    package var consulCatalog: ConsulCatalogOptions?
    package var nomad: NomadOptions?
    package var ecs: ECSOptions?
    package var consul: ConsulOptions?
    package var etcd: EtcdOptions?
    package var zooKeeper: ZooKeeperOptions?
    package var redis: RedisOptions?
    package var http: HTTPProviderOptions?
    package var plugin: [String: FreeformOptions] = [:]

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init(
            "providersThrottleDuration", \.providersThrottleDuration,
            "Least pause between two configurations (Traefik: 2s)."
        ),
        .init("precedence", \.precedence, "Order of providers among equal priorities."),
        .init("docker", \.docker, "Docker."),
        .init("swarm", \.swarm, "Docker Swarm."),
        .init("file", \.file, "Files."),
        .init("kubernetesIngress", \.kubernetesIngress, "Kubernetes Ingress."),
        .init("kubernetesIngressNGINX", \.kubernetesIngressNGINX, "Kubernetes Ingress with NGINX's annotations."),
        .init("kubernetesCRD", \.kubernetesCRD, "Kubernetes custom resources."),
        .init("kubernetesGateway", \.kubernetesGateway, "Kubernetes Gateway API."),
        .init("knative", \.knative, "Knative."),
        .init("rest", \.rest, "PUT requests."),
        .init("consulCatalog", \.consulCatalog, "Consul's catalogue."),
        .init("nomad", \.nomad, "Nomad."),
        .init("ecs", \.ecs, "Amazon ECS."),
        .init("consul", \.consul, "Consul's keys."),
        .init("etcd", \.etcd, "etcd."),
        .init("zooKeeper", \.zooKeeper, "ZooKeeper."),
        .init("redis", \.redis, "Redis."),
        .init("http", \.http, "An HTTP endpoint."),
        .init("plugin", \.plugin, "Plugins."),
    ]
}
