/// A routing configuration as it was read: what is good of it, where each object stood, and what is wrong.
package struct DecodedRouting: Sendable, Equatable {
    package var configuration = RoutingConfiguration()
    /// By path, for example `http.routers.shop`.
    package var positions: [String: SourcePosition] = [:]
    /// Objects that could not be read, by path: they are not in `configuration`.
    package var broken: [String: [Diagnostic]] = [:]
    /// What concerns no single object.
    package var problems: [Diagnostic] = []

    package init() {}
}

/// Reads routing configurations object by object: one that is broken does no harm to the others.
package enum RoutingDecoder {
    package static func decode(_ node: ConfigNode) -> DecodedRouting {
        var reader = RoutingReader()
        reader.sections(of: node, at: "", known: ["http", "tcp", "udp", "tls"]) { reader, name, section in
            switch name {
            case "http": reader.http(section)
            case "tcp": reader.tcp(section)
            case "udp": reader.udp(section)
            default: reader.tls(section)
            }
        }
        return reader.result
    }
}

private struct RoutingReader {
    var result = DecodedRouting()

    mutating func sections(
        of node: ConfigNode, at path: String, known: [String], _ body: (inout RoutingReader, String, ConfigNode) -> Void
    ) {
        switch node.kind {
        case .null:
            return
        case .map(let members):
            for member in members {
                guard let name = known.first(where: { $0.lowercased() == member.key.lowercased() }) else {
                    let nearest = NearestName.of(member.key, among: known)
                    result.problems.append(
                        Diagnostic(
                            path: path, position: member.position, reason: "unknown section \"\(member.key)\"",
                            remedy: nearest.map { "did you mean \"\($0)\"?" }
                                ?? "known are \(known.joined(separator: ", "))"
                        ))
                    continue
                }
                body(&self, name, member.value)
            }
        case .scalar, .list:
            result.problems.append(
                Diagnostic(path: path, position: node.position, reason: "expected sections, found \(node.typeName)"))
        }
    }

    mutating func http(_ node: ConfigNode) {
        sections(of: node, at: "http", known: ["routers", "services", "middlewares", "serversTransports"]) {
            reader, name, section in
            let path = "http." + name
            switch name {
            case "routers": reader.objects(section, path, \.http.routers)
            case "services": reader.objects(section, path, \.http.services)
            case "middlewares": reader.objects(section, path, \.http.middlewares)
            default: reader.objects(section, path, \.http.serversTransports)
            }
        }
    }

    mutating func tcp(_ node: ConfigNode) {
        sections(of: node, at: "tcp", known: ["routers", "services", "middlewares", "serversTransports"]) {
            reader, name, section in
            let path = "tcp." + name
            switch name {
            case "routers": reader.objects(section, path, \.tcp.routers)
            case "services": reader.objects(section, path, \.tcp.services)
            case "middlewares": reader.objects(section, path, \.tcp.middlewares)
            default: reader.objects(section, path, \.tcp.serversTransports)
            }
        }
    }

    mutating func udp(_ node: ConfigNode) {
        sections(of: node, at: "udp", known: ["routers", "services"]) { reader, name, section in
            if name == "routers" {
                reader.objects(section, "udp.routers", \.udp.routers)
            } else {
                reader.objects(section, "udp.services", \.udp.services)
            }
        }
    }

    mutating func tls(_ node: ConfigNode) {
        sections(of: node, at: "tls", known: ["certificates", "options", "stores"]) { reader, name, section in
            switch name {
            case "options": reader.objects(section, "tls.options", \.tls.options)
            case "stores": reader.objects(section, "tls.stores", \.tls.stores)
            default: reader.certificates(section)
            }
        }
    }

    /// Each certificate for itself: a broken one leaves the others.
    private mutating func certificates(_ node: ConfigNode) {
        guard case .list(let items) = node.kind else {
            result.problems.append(
                Diagnostic(
                    path: "tls.certificates", position: node.position, reason: "expected a list, found \(node.typeName)"
                ))
            return
        }
        for (index, item) in items.enumerated() {
            let path = "tls.certificates[\(index)]"
            var context = DecodingContext()
            if let value = TLSCertificateOptions.decode(item, at: path, &context) {
                result.configuration.tls.certificates.append(value)
                result.positions[path] = item.position
            }
            note(context.diagnostics, path, broken: context.hasErrors)
        }
    }

    private mutating func objects<Value: OptionValue>(
        _ node: ConfigNode, _ path: String, _ target: WritableKeyPath<RoutingConfiguration, [String: Value]>
    ) {
        switch node.kind {
        case .null:
            return
        case .map(let members):
            var values: [String: Value] = [:]
            values.reserveCapacity(members.count)
            for member in members {
                let place = path + "." + member.key
                var context = DecodingContext()
                let value = Value.decode(member.value, at: place, &context)
                result.positions[place] = member.position
                if let value, !context.hasErrors { values[member.key] = value }
                note(context.diagnostics, place, broken: value == nil || context.hasErrors)
            }
            result.configuration[keyPath: target] = values
        case .scalar, .list:
            result.problems.append(
                Diagnostic(
                    path: path, position: node.position, reason: "expected names with sections, found \(node.typeName)")
            )
        }
    }

    private mutating func note(_ diagnostics: [Diagnostic], _ path: String, broken: Bool) {
        if broken {
            result.broken[path] = diagnostics
        } else {
            result.problems += diagnostics
        }
    }
}
