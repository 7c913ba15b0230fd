/// Options of earlier Traefik versions: a start with one of them would not do what its writer expects.
enum RemovedOptions {
    /// Path in lower case and what replaced it.
    private static let all: [(path: String, remedy: String)] = [
        ("pilot", "Traefik Pilot has ended: remove the section"),
        ("providers.marathon", "the provider was removed in Traefik 3"),
        ("providers.rancher", "the provider was removed in Traefik 3"),
        ("providers.docker.swarmmode", "use the provider providers.swarm"),
        ("providers.docker.tls.caoptional", "remove it: the CA decides alone"),
        ("providers.swarm.tls.caoptional", "remove it: the CA decides alone"),
        ("providers.etcd.tls.caoptional", "remove it: the CA decides alone"),
        ("providers.redis.tls.caoptional", "remove it: the CA decides alone"),
        ("providers.consul.tls.caoptional", "remove it: the CA decides alone"),
        ("providers.http.tls.caoptional", "remove it: the CA decides alone"),
        ("providers.consulcatalog.endpoint.tls.caoptional", "remove it: the CA decides alone"),
        ("providers.nomad.endpoint.tls.caoptional", "remove it: the CA decides alone"),
        ("providers.consul.namespace", "use namespaces"),
        ("providers.consulcatalog.namespace", "use namespaces"),
        ("providers.nomad.namespace", "use namespaces"),
        ("experimental.http3", "HTTP/3 is no experiment any more: use entryPoints.NAME.http3"),
        ("metrics.influxdb", "use metrics.influxDB2"),
        ("tracing.spannamelimit", "remove it"),
        ("tracing.jaeger", "use tracing.otlp"),
        ("tracing.zipkin", "use tracing.otlp"),
        ("tracing.datadog", "use tracing.otlp"),
        ("tracing.instana", "use tracing.otlp"),
        ("tracing.haystack", "use tracing.otlp"),
        ("tracing.elastic", "use tracing.otlp"),
    ]

    static func check(_ node: ConfigNode, _ context: inout DecodingContext) {
        for option in all {
            if let found = find(option.path.split(separator: ".").map(String.init)[...], node) {
                context.error(option.path, at: found.position, "this option was removed", remedy: option.remedy)
            }
        }
    }

    /// What to do instead of using the flag `name`; nil if no such option ever was.
    static func remedy(for name: String) -> String? {
        let name = name.lowercased()
        return all.first { name == $0.path || name.hasPrefix($0.path + ".") }?.remedy
    }

    private static func find(_ path: ArraySlice<String>, _ node: ConfigNode) -> ConfigNode? {
        guard let first = path.first else { return node }
        guard case .map(let members) = node.kind else { return nil }
        return members.first { $0.key.lowercased() == first }.flatMap { find(path.dropFirst(), $0.value) }
    }
}
