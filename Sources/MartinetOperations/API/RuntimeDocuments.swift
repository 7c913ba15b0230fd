import MartinetConfig
import MartinetCore

/// The runtime configuration in Traefik's JSON.
enum RuntimeDocuments {
    static func routers(_ runtime: RuntimeConfiguration) -> [APIItem] {
        runtime.routers.map { name, router in
            var item = APIItem(
                name: name, provider: provider(name), status: router.status.rawValue,
                document: named(
                    routerDocument(router.value), name,
                    extra: [.init("priorityStr", .string(String(router.options.priority)))])
            )
            item.searchable = [router.options.rule, router.options.service]
            item.serviceName = qualified(router.options.service, provider: item.provider)
            item.middlewareNames = router.options.middlewares.map { qualified($0, provider: item.provider) }
            item.priority = Int64(router.options.priority)
            item.sortKeys = [
                "rule": router.options.rule, "service": router.options.service,
                "entryPoints": router.options.entryPoints.joined(separator: ","),
            ]
            return item
        }
    }

    static func services(_ runtime: RuntimeConfiguration) -> [APIItem] {
        runtime.services.map { name, service in
            let type = service.options.kinds.first?.lowercased() ?? ""
            var item = APIItem(
                name: name, provider: provider(name), status: service.status.rawValue,
                document: named(
                    serviceDocument(service.value), name, extra: type.isEmpty ? [] : [.init("type", .string(type))])
            )
            item.searchable = [type]
            item.sortKeys = ["type": type, "servers": String(service.serverStatus.count)]
            return item
        }
    }

    static func middlewares(_ runtime: RuntimeConfiguration) -> [APIItem] {
        runtime.middlewares.map { name, middleware in
            let type = middleware.options.kinds.first?.lowercased() ?? ""
            var item = APIItem(
                name: name, provider: provider(name), status: middleware.status.rawValue,
                document: named(
                    middlewareDocument(middleware.value), name,
                    extra: type.isEmpty ? [] : [.init("type", .string(type))])
            )
            item.searchable = [type]
            item.sortKeys = ["type": type]
            return item
        }
    }

    /// `/api/rawdata`.
    static func raw(_ runtime: RuntimeConfiguration) -> JSONValue {
        func map<Value>(_ objects: [String: Boxed<Value>], _ document: (Value) -> JSONValue) -> JSONValue {
            .object(objects.sorted { $0.key < $1.key }.map { .init($0.key, document($0.value.value)) })
        }
        var members: [JSONValue.Member] = []
        if !runtime.routers.isEmpty { members.append(.init("routers", map(runtime.routers, routerDocument))) }
        if !runtime.middlewares.isEmpty {
            members.append(.init("middlewares", map(runtime.middlewares, middlewareDocument)))
        }
        if !runtime.services.isEmpty { members.append(.init("services", map(runtime.services, serviceDocument))) }
        return .object(members)
    }

    /// `/api/overview`.
    static func overview(_ runtime: RuntimeConfiguration, _ installation: InstallConfiguration) -> JSONValue {
        func section(_ states: [ObjectStatus]) -> JSONValue {
            .object([
                .init("total", .int(Int64(states.count))),
                .init("warnings", .int(Int64(states.count { $0 == .warning }))),
                .init("errors", .int(Int64(states.count { $0 == .disabled }))),
            ])
        }
        let empty = section([])
        let http: [JSONValue.Member] = [
            .init("routers", section(runtime.routers.values.map(\.status))),
            .init("services", section(runtime.services.values.map(\.status))),
            .init("middlewares", section(runtime.middlewares.values.map(\.status))),
        ]
        let tcp: [JSONValue.Member] = [.init("routers", empty), .init("services", empty), .init("middlewares", empty)]
        let udp: [JSONValue.Member] = [.init("routers", empty), .init("services", empty)]
        let features: [JSONValue.Member] = [
            .init("tracing", .string("")), .init("metrics", .string("")),
            .init("accessLog", .bool(installation.accessLog != nil)),
        ]
        var members: [JSONValue.Member] = [
            .init("http", .object(http)), .init("tcp", .object(tcp)), .init("udp", .object(udp)),
            .init("certificates", empty), .init("features", .object(features)),
        ]
        if installation.providers.file != nil { members.append(.init("providers", .array([.string("File")]))) }
        return .object(members)
    }

    // MARK: Single objects

    private static func routerDocument(_ router: RuntimeConfiguration.Router) -> JSONValue {
        document(router.options.encode(), errors: router.errors, status: router.status, uses: ("using", router.using))
    }

    private static func serviceDocument(_ service: RuntimeConfiguration.Service) -> JSONValue {
        var value = document(
            service.options.encode(), errors: service.errors, status: service.status, uses: ("usedBy", service.usedBy))
        if !service.serverStatus.isEmpty, case .object(var members) = value {
            let states = service.serverStatus.sorted { $0.key < $1.key }.map {
                JSONValue.Member($0.key, .string($0.value))
            }
            members.append(.init("serverStatus", .object(states)))
            value = .object(members)
        }
        return value
    }

    private static func middlewareDocument(_ middleware: RuntimeConfiguration.Middleware) -> JSONValue {
        document(
            middleware.options.encode(), errors: middleware.errors, status: middleware.status,
            uses: ("usedBy", middleware.usedBy))
    }

    private static func document(
        _ options: JSONValue?, errors: [String], status: ObjectStatus, uses: (name: String, by: [String])
    ) -> JSONValue {
        var members: [JSONValue.Member] = []
        if case .object(let own) = options { members = own }
        if !errors.isEmpty { members.append(.init("error", .array(errors.map(JSONValue.string)))) }
        members.append(.init("status", .string(status.rawValue)))
        if !uses.by.isEmpty { members.append(.init(uses.name, .array(uses.by.map(JSONValue.string)))) }
        return .object(members)
    }

    private static func named(_ value: JSONValue, _ name: String, extra: [JSONValue.Member]) -> JSONValue {
        guard case .object(var members) = value else { return value }
        members.append(.init("name", .string(name)))
        members.append(.init("provider", .string(provider(name))))
        return .object(members + extra)
    }

    private static func qualified(_ name: String, provider: String) -> String {
        name.isEmpty || name.contains("@") ? name : "\(name)@\(provider)"
    }

    private static func provider(_ name: String) -> String {
        name.lastIndex(of: "@").map { String(name[name.index(after: $0)...]) } ?? ""
    }
}
