/// Variables `TRAEFIK_…` and `MARTINET_…`: the path in capitals, parts joined by `_`, list items as numbers.
enum EnvironmentReader {
    /// Variables of ours that are no options.
    private static let reserved: Set<String> = ["MARTINET_THREADS"]

    /// Nil when no option is set. Unknown `TRAEFIK_` variables are none of our business: Kubernetes sets some for every service.
    static func read(_ environment: [String: String], _ context: inout DecodingContext) -> ConfigNode? {
        let position = SourcePosition(file: "environment")
        let builder = NodeBuilder(position: position)
        var any = false
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where !reserved.contains(name) {
            let prefix = ["TRAEFIK_", "MARTINET_"].first { name.hasPrefix($0) }
            guard let prefix else { continue }
            let parts = name.dropFirst(prefix.count).split(separator: "_", omittingEmptySubsequences: false).map(
                String.init)
            guard let path = resolve(parts[...], OptionBranch(type: InstallConfiguration.self)), !path.isEmpty else {
                if prefix == "MARTINET_" {
                    context.warning(name, at: position, "is no option", remedy: "martinet --help lists all options")
                }
                continue
            }
            any = true
            builder.set(path[...], to: value, at: SourcePosition(file: name))
        }
        return any ? builder.node : nil
    }

    /// Names of map keys may hold underscores themselves: every way to cut is tried, the shortest name first.
    private static func resolve(_ parts: ArraySlice<String>, _ branch: OptionBranch) -> [String]? {
        guard let first = parts.first else { return [] }
        if Int(first) != nil, let item = branch.child("[\(first)]") {
            return resolve(parts.dropFirst(), item.branch).map { [item.name] + $0 }
        }
        var name = ""
        for end in parts.indices {
            name += (end == parts.startIndex ? "" : "_") + parts[end]
            if let child = branch.child(name.lowercased()),
                let rest = resolve(parts[(end + 1)...], child.branch)
            {
                return [child.name] + rest
            }
        }
        return nil
    }
}
