import MartinetConfig
import MartinetCore

/// Routers with children: a parent's rule and middlewares come first, then its children's rules decide.
extension Compilation {
    /// The table of a router's children; nil when it has none. Children that were never built are built now.
    ///
    /// A child stands under each of its parents with the same route. A circle is cut where it closes.
    func childEntries(of parent: String, _ copy: inout RouterNode.Copy) -> RoutingTable<Route>? {
        guard let children = state.children[parent] else {
            if copy.runtime.options.service.isEmpty {
                copy.runtime.errors.append("router has no service and no child routers")
            }
            return nil
        }
        let entries = children.sorted().compactMap { name -> RouteEntry<Route>? in
            if let built = builtChildren[name] { return built }
            guard let source = state.routers[name], !source.options.parentRefs.isEmpty else { return nil }
            // While it is under construction a child counts as none: that is what cuts a circle.
            builtChildren[name] = .some(nil)
            let entry = buildChild(name, source)
            builtChildren[name] = .some(entry)
            return entry
        }
        return RoutingTable(entries)
    }

    private func buildChild(_ name: String, _ source: RouterSource) -> RouteEntry<Route>? {
        var copy = childCopy(name, source)
        var dependencies = Set(copy.uses)
        childDepth += 1
        defer { childDepth -= 1 }
        let isTooDeep = childDepth > Self.deepestNesting
        let children = isTooDeep ? nil : childEntries(of: name, &copy)
        let options = source.options
        if !options.entryPoints.isEmpty {
            copy.runtime.using = options.entryPoints
            copy.disable("non-root router cannot have Entrypoints configuration")
        } else if options.tls != nil {
            copy.disable("non-root router cannot have TLS configuration")
        } else if options.observability != nil {
            copy.disable("non-root router cannot have Observability configuration")
        } else if isTooDeep {
            copy.disable("router is more than \(Self.deepestNesting) levels below its root")
        } else {
            finish(&copy, source, children: children, &dependencies)
        }
        let entry = copy.entry
        // Parents hold the route; it is not to stand on an entry point by itself.
        copy.entry = nil
        keep(RouterNode(copies: [copy], dependencies: dependencies), as: name)
        return entry
    }

    /// A child that no root leads to.
    func unreachable(_ name: String, _ source: RouterSource) -> RouterNode {
        var copy = childCopy(name, source)
        for parent in source.options.parentRefs {
            let qualified = QualifiedName.make(parent, provider: source.provider)
            if state.routers[qualified] == nil {
                copy.runtime.errors.append("parent router \"\(qualified)\" does not exist")
            }
        }
        copy.disable("router is not reachable")
        return RouterNode(copies: [copy], dependencies: Set(copy.uses))
    }

    private func childCopy(_ name: String, _ source: RouterSource) -> RouterNode.Copy {
        var options = source.options.value
        options.middlewares = options.middlewares.map { QualifiedName.make($0, provider: source.provider) }
        options.parentRefs = options.parentRefs.flatMap { parent -> [String] in
            let qualified = QualifiedName.make(parent, provider: source.provider)
            return copyNames(of: qualified).sorted()
        }
        return RouterNode.Copy(
            name: name, runtime: Boxed(RuntimeConfiguration.Router(options: options)), uses: uses(of: options, source)
        )
    }
}
