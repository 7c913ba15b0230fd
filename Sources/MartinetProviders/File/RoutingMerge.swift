package import MartinetConfig

/// The routing configurations of many files as one. Of objects with the same name the one of the first file counts.
///
/// A changed file is exchanged in place, as long as no name is defined twice: the cost is one copy of the merged
/// dictionaries, not another insertion of everything.
package struct RoutingMerge {
    /// One file's share.
    package struct Part {
        package var file: String
        package var routing: DecodedRouting

        package init(file: String, routing: DecodedRouting) {
            self.file = file
            self.routing = routing
        }
    }

    package private(set) var result = DecodedRouting()
    private var parts: [Part] = []
    private var hasDuplicates = false
    /// How many `tls.certificates[i]` there are in `result`, broken ones included.
    private var certificateCount = 0

    package init() {}

    /// Takes the parts anew, in order of precedence. `changed` are the files whose routing differs from last time. Returns
    /// whether anything may have changed.
    @discardableResult
    package mutating func update(_ parts: [Part], changed: Set<String>) -> Bool {
        let previous = self.parts
        self.parts = parts
        let sameFiles = previous.count == parts.count && zip(previous, parts).allSatisfy { $0.file == $1.file }
        guard !sameFiles || !changed.isEmpty else { return false }
        guard sameFiles, !hasDuplicates, changed.count * 4 <= parts.count else {
            rebuild()
            return true
        }

        for (old, new) in zip(previous, parts) where changed.contains(old.file) {
            remove(old.routing)
            guard isDisjoint(from: new.routing) else {
                rebuild()
                return true
            }
            insert(new.routing)
        }
        collectLists(duplicates: [])
        return true
    }

    private mutating func rebuild() {
        result = DecodedRouting()
        certificateCount = 0
        var duplicates: [Diagnostic] = []
        for (index, part) in parts.enumerated() {
            if isDisjoint(from: part.routing) {
                insert(part.routing)
            } else {
                insertUndefined(of: part, after: parts[..<index], reporting: &duplicates)
            }
        }
        hasDuplicates = !duplicates.isEmpty
        collectLists(duplicates: duplicates)
    }

    /// What is in the order of the files.
    private mutating func collectLists(duplicates: [Diagnostic]) {
        result.problems = parts.flatMap(\.routing.problems) + duplicates
        result.configuration.tls.certificates = parts.flatMap(\.routing.configuration.tls.certificates)
        for index in 0..<certificateCount {
            result.positions.removeValue(forKey: Self.certificatePath(index))
            result.broken.removeValue(forKey: Self.certificatePath(index))
        }
        certificateCount = 0
        for routing in parts.lazy.map(\.routing) {
            // Certificates have no names: those of each file are counted on from those before.
            for index in 0..<(routing.configuration.tls.certificates.count + routing.broken.count) {
                let path = Self.certificatePath(index)
                guard Self.defines(path, routing) else { break }
                result.positions[Self.certificatePath(certificateCount)] = routing.positions[path]
                result.broken[Self.certificatePath(certificateCount)] = routing.broken[path]
                certificateCount += 1
            }
        }
    }

    private mutating func insert(_ routing: DecodedRouting) {
        for section in RoutingSection.all {
            let names = section.names(routing.configuration)
            if !names.isEmpty { section.copy(names, routing.configuration, &result.configuration) }
        }
        for (path, position) in routing.positions where Self.isNamed(path) { result.positions[path] = position }
        for (path, diagnostics) in routing.broken where Self.isNamed(path) { result.broken[path] = diagnostics }
    }

    private mutating func remove(_ routing: DecodedRouting) {
        for section in RoutingSection.all {
            let names = section.names(routing.configuration)
            if !names.isEmpty { section.remove(names, &result.configuration) }
        }
        for path in routing.positions.keys where Self.isNamed(path) { result.positions.removeValue(forKey: path) }
        for path in routing.broken.keys where Self.isNamed(path) { result.broken.removeValue(forKey: path) }
    }

    /// Whether nothing in `routing` has been defined yet, well or broken.
    private func isDisjoint(from routing: DecodedRouting) -> Bool {
        Self.objectPaths(of: routing).allSatisfy { !isDefined($0) }
    }

    private func isDefined(_ path: String) -> Bool {
        result.positions[path] != nil || result.broken[path] != nil
    }

    /// The slow path, for a file that defines what an earlier one does.
    private mutating func insertUndefined(
        of part: Part,
        after earlier: ArraySlice<Part>,
        reporting duplicates: inout [Diagnostic]
    ) {
        var rest = part.routing
        for path in Self.objectPaths(of: part.routing).sorted() where isDefined(path) {
            let first = earlier.first { Self.defines(path, $0.routing) }?.file ?? ""
            duplicates.append(
                Diagnostic(
                    .warning,
                    path: path,
                    position: part.routing.positions[path] ?? SourcePosition(file: part.file),
                    reason: "is defined in \(first) already; the definition in \(part.file) is ignored",
                    remedy: "rename or remove one of them"
                )
            )
            rest.positions.removeValue(forKey: path)
            rest.broken.removeValue(forKey: path)
            for section in RoutingSection.all where path.hasPrefix(section.path + ".") {
                section.remove([String(path.dropFirst(section.path.count + 1))], &rest.configuration)
            }
        }
        insert(rest)
    }

    private static func defines(_ path: String, _ routing: DecodedRouting) -> Bool {
        routing.positions[path] != nil || routing.broken[path] != nil
    }

    /// Paths of all objects of a file that have a name. A broken object may have its diagnostics only.
    private static func objectPaths(of routing: DecodedRouting) -> [String] {
        (Array(routing.positions.keys) + routing.broken.keys.filter { routing.positions[$0] == nil }).filter(isNamed)
    }

    private static func isNamed(_ path: String) -> Bool { !path.hasPrefix("tls.certificates[") }

    private static func certificatePath(_ index: Int) -> String { "tls.certificates[\(index)]" }
}
