import MartinetConfig
import MartinetCore

/// A service under construction.
struct ServiceBuilding {
    /// `name@provider`.
    let name: String
    /// The services that led here, outermost first, without this one.
    var path: [String]
    /// What the service depends on, as far as it is known.
    var dependencies: Set<ObjectKey>
    /// What is wrong with parts that the service can do without.
    var faults: [CompilationFailure] = []

    var provider: String { QualifiedName.provider(of: name) }
}

/// Services made of other services.
extension Compilation {
    /// A service inside of the one under construction, built when it is not yet; its own middlewares come with it.
    private func child(_ reference: String, of building: inout ServiceBuilding) throws(CompilationFailure)
        -> any HTTPService
    {
        let name = QualifiedName.make(reference, provider: building.provider)
        building.path.append(building.name)
        defer { building.path.removeLast() }
        if let start = building.path.firstIndex(of: name) {
            let circle = (building.path[start...] + [name]).map { "service:\($0)" }.joined(separator: "->")
            throw CompilationFailure("could not instantiate service \(name): recursion detected in \(circle)")
        }
        let node = service(name, path: &building.path)
        building.dependencies.formUnion(node.dependencies)
        return try node.result.get().entry
    }

    // MARK: Weighted

    func build(_ options: WeightedOptions, _ building: inout ServiceBuilding) throws(CompilationFailure)
        -> ServiceBalancer
    {
        let members = try members(
            options.services, hearStatus: options.healthCheck != nil, kind: "WRR", place: true, &building)
        let sticky = options.sticky?.cookie.map { cookie in
            StickyCookie(cookie, service: building.name, names: members.map { $0.weight > 0 ? $0.name : nil })
        }
        return ServiceBalancer(
            name: building.name, members: members, sticky: sticky, hearsStatus: options.healthCheck != nil)
    }

    func build(_ options: HighestRandomWeightOptions, _ building: inout ServiceBuilding) throws(CompilationFailure)
        -> ServiceBalancer
    {
        let members = try members(
            options.services, hearStatus: options.healthCheck != nil, kind: "HRW", place: false, &building)
        return ServiceBalancer(
            name: building.name, members: members, hearsStatus: options.healthCheck != nil,
            strategy: { RendezvousStrategy(candidates: $0) })
    }

    /// `place`: whether reasons say which of the services they are about.
    private func members(
        _ options: [WeightedChildOptions], hearStatus: Bool, kind: String, place: Bool,
        _ building: inout ServiceBuilding
    ) throws(CompilationFailure) -> [ServiceBalancer.Member] {
        var members: [ServiceBalancer.Member] = []
        for option in options {
            let service: any HTTPService
            do throws(CompilationFailure) {
                service = try child(option.name, of: &building)
            } catch {
                throw place ? error.wrapped("building HTTP service \"\(option.name)\": ") : error
            }
            if hearStatus { try demandStatus(of: service, option.name, building.name) }
            members.append(.init(name: option.name, service: service, weight: max(0, option.weight ?? 1)))
        }
        return members
    }

    /// Status is handed up level by level: a service that does not hear of it cannot tell of it.
    private func demandStatus(of service: any HTTPService, _ name: String, _ parent: String) throws(CompilationFailure)
    {
        guard !service.reportsStatus else { return }
        throw CompilationFailure(
            "cannot register \(name) as updater for \(parent): healthCheck not enabled in config for service \(name)",
            remedy: .text("add healthCheck to \(name), or take it out of \(parent)"))
    }

    // MARK: Mirroring

    func build(_ options: MirroringOptions, _ building: inout ServiceBuilding) throws(CompilationFailure)
        -> MirroringService
    {
        let main = try child(options.service, of: &building)
        var mirrors: [MirroringService.Mirror] = []
        for mirror in options.mirrors {
            let service = try child(mirror.name, of: &building)
            guard (0...100).contains(mirror.percent) else {
                throw CompilationFailure("percent must be between 0 and 100")
            }
            mirrors.append(.init(service: service, percent: mirror.percent))
        }
        let maxBody = options.maxBodySize ?? -1
        return MirroringService(
            name: building.name, main: main, mirrors: mirrors, copiesBody: options.mirrorBody ?? true,
            maxBody: maxBody < 0 ? nil : maxBody, reportsStatus: options.healthCheck != nil && main.reportsStatus)
    }

    // MARK: Failover

    func build(_ options: FailoverOptions, _ building: inout ServiceBuilding) throws(CompilationFailure)
        -> FailoverService
    {
        let main = try child(options.service, of: &building)
        let statuses = options.errors?.status ?? []
        if statuses.isEmpty { try demandStatus(of: main, options.service, building.name) }
        var errors: FailoverService.Errors?
        if !statuses.isEmpty {
            do throws(InvalidStatus) {
                errors = .init(statuses: try StatusSet(statuses))
            } catch {
                throw CompilationFailure(
                    "error creating failover service \(building.name): creating HTTP code ranges: \(error)")
            }
            let limit = options.errors?.maxRequestBodyBytes ?? -1
            errors?.maxRequestBody = limit < 0 ? nil : limit
        }
        let fallback = try child(options.fallback, of: &building)
        if options.healthCheck != nil { try demandStatus(of: fallback, options.fallback, building.name) }
        return FailoverService(
            name: building.name, main: main, fallback: fallback, reportsStatus: options.healthCheck != nil,
            errors: errors)
    }
}
