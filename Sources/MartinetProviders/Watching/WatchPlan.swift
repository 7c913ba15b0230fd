import Glibc

/// The directories to watch so that no change of some paths goes unnoticed, and which entries of them matter.
///
/// For a path, each directory on the way to it is watched for the next component, and where a component is a symbolic
/// link, the way to its target as well. So a link that is switched (`..data` of Kubernetes), a parent directory that is
/// renamed and one that does not exist yet are all noticed.
package struct WatchPlan: Equatable, Sendable {
    /// Which entries of a watched directory matter.
    package enum Scope: Equatable, Sendable {
        case names(Set<String>)
        case all

        mutating func formUnion(_ other: Scope) {
            switch (self, other) {
            case (.names(let mine), .names(let others)): self = .names(mine.union(others))
            case (.all, _), (_, .all): self = .all
            }
        }

        func contains(_ name: String) -> Bool {
            switch self {
            case .all: true
            case .names(let names): names.contains(name)
            }
        }
    }

    /// By directory path.
    package private(set) var scopes: [String: Scope] = [:]

    /// Most links followed for one path, as in the kernel.
    private static let linkLimit = 40

    package init() {}

    /// Every entry of the directory matters.
    package mutating func watch(directory: String) {
        scopes[directory] = .all
    }

    /// The path itself and all that decides what it leads to. Relative paths start at the working directory.
    package mutating func watchWay(to path: String) {
        var current = path.hasPrefix("/") ? "/" : "."
        var remaining = Self.components(of: path)
        var links = 0
        while let name = remaining.popLast() {
            if name == ".." {
                current = Self.parent(of: current)
                continue
            }
            scopes[current, default: .names([])].formUnion(.names([name]))
            let next = Self.join(current, name)
            guard let target = Self.linkTarget(next) else {
                current = next
                // What lies below a missing directory is planned once it exists; watching a file fails harmlessly.
                continue
            }
            links += 1
            guard links <= Self.linkLimit else { return }
            if target.hasPrefix("/") { current = "/" }
            remaining += Self.components(of: target)
        }
    }

    /// In reverse, to be taken from the end.
    private static func components(of path: String) -> [String] {
        path.split(separator: "/").filter { $0 != "." }.reversed().map(String.init)
    }

    private static func join(_ directory: String, _ name: String) -> String {
        switch directory {
        case "/": "/" + name
        case ".": name
        default: directory + "/" + name
        }
    }

    /// `current` has its links resolved, so its parent is what its text says, but for a relative start.
    private static func parent(of directory: String) -> String {
        if directory == "." { return ".." }
        if directory == ".." || directory.hasSuffix("/..") { return directory + "/.." }
        guard let slash = directory.lastIndex(of: "/") else { return "." }
        return slash == directory.startIndex ? "/" : String(directory[..<slash])
    }

    private static func linkTarget(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = readlink(path, start, buffer.count)
            guard count > 0, count < buffer.count else { return nil }
            return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
