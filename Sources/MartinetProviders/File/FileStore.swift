package import MartinetConfig

/// The files of the provider as last read. Looks for changes, reads and decodes only what did change, and keeps the last
/// good content of a file that has become unreadable or broken.
package struct FileStore: Sendable {
    /// A file as last read.
    private struct Known {
        /// Nil when it cannot vouch for the content, see `FileIdentity.isRecent`.
        var identity: FileIdentity?
        /// Of the bytes last read, good or not; nil if reading failed. Tells a file touched from a file changed.
        var fingerprint: Fingerprint?
        /// The last that could be parsed.
        var good: DecodedRouting?
        /// Why the present content is not `good`.
        var failure: Diagnostic?
    }

    /// What one look found.
    package struct Outcome {
        /// All files merged, problems included.
        package var routing: DecodedRouting
        /// Whether `routing` may differ from that of the last look. Comparing the two would cost more than finding out did.
        package var isChanged: Bool
        /// Problems that concern files or directories as a whole.
        package var problems: [Diagnostic]
        /// Whether something that is there could not be read, as when the process has no descriptor left: looking again later may help.
        package var isIncomplete: Bool
        /// What to watch to learn of the next change.
        package var plan: WatchPlan
    }

    private let source: FileProviderSource
    private let decode: FileDecoder.Decode
    private var known: [String: Known] = [:]
    private var order: [String] = []
    private var merge = RoutingMerge()
    private var lastProblems: [Diagnostic]?

    package init(source: FileProviderSource, decode: @escaping FileDecoder.Decode = FileDecoder.decode) {
        self.source = source
        self.decode = decode
    }

    /// Looks at the file or directory again.
    /// - Parameter ignoringIdentity: reads every file, whatever its times say; unchanged content is still not decoded.
    package mutating func refresh(ignoringIdentity: Bool = false) -> Outcome {
        let tree: FileTree =
            switch source {
            case .file(let path): .file(path)
            case .directory(let path): .directory(path)
            }
        var changed: Set<String> = []
        for file in tree.files {
            // A link that leads nowhere: tolerated in a directory, and watched.
            if case .directory = source, file.isSymbolicLink, file.identity == nil { continue }
            if read(file, ignoringIdentity: ignoringIdentity) { changed.insert(file.path) }
        }
        forget(allBut: tree)

        let parts = order.compactMap { path in
            known[path]?.good.map { RoutingMerge.Part(file: path, routing: $0) }
        }
        let problems = tree.problems + order.compactMap { known[$0]?.failure }
        let isChanged = merge.update(parts, changed: changed) || problems != lastProblems
        lastProblems = problems
        var routing = merge.result
        routing.problems = problems + routing.problems
        return Outcome(
            routing: routing, isChanged: isChanged, problems: problems, isIncomplete: isIncomplete(tree),
            plan: plan(for: tree))
    }

    private func isIncomplete(_ tree: FileTree) -> Bool {
        // Few are in such a state; those are asked for first.
        tree.unreadable.contains { FileTree.file($0).files.first?.identity != nil }
            || tree.files.contains { file in
                guard let entry = known[file.path], entry.failure != nil else { return false }
                return entry.fingerprint == nil && file.identity != nil
            }
    }

    /// Returns whether the file's routing is another than before.
    private mutating func read(_ file: FileTree.Entry, ignoringIdentity: Bool) -> Bool {
        var entry = known[file.path] ?? Known()
        if !ignoringIdentity, let identity = file.identity, entry.identity == identity { return false }
        defer { known[file.path] = entry }

        let content: FileReader.Content
        do throws(DocumentError) {
            content = try FileReader.read(file.path)
        } catch {
            entry.identity = nil
            entry.fingerprint = nil
            entry.failure = error.diagnostic
            return false
        }
        entry.identity = content.identity.isRecent ? nil : content.identity
        let fingerprint = Fingerprint(content.bytes)
        guard entry.fingerprint != fingerprint else { return false }
        entry.fingerprint = fingerprint

        switch decode(content.bytes, file.path) {
        case .success(let routing):
            entry.failure = nil
            let isNew = entry.good != routing
            entry.good = routing
            return isNew
        case .failure(let error):
            entry.failure = error.diagnostic
            return false
        }
    }

    /// Drops the files that are gone, except where a directory cannot be read at present, and puts the rest in order.
    private mutating func forget(allBut tree: FileTree) {
        let present = tree.files.map(\.path)
        let lost = Set(known.keys).subtracting(present)
        let kept = lost.filter { path in
            tree.unreadable.contains { path.hasPrefix($0 == "/" ? $0 : $0 + "/") }
        }
        for path in lost.subtracting(kept) { known.removeValue(forKey: path) }
        order = kept.isEmpty ? present : (present + kept).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func plan(for tree: FileTree) -> WatchPlan {
        var plan = WatchPlan()
        plan.watchWay(to: source.path)
        for directory in tree.directories + tree.unreadable { plan.watch(directory: directory) }
        for file in tree.files where file.isSymbolicLink { plan.watchWay(to: file.path) }
        return plan
    }
}

/// Stands for a file's content: length and a hash keyed at random by the process, so equal only by a chance of 2^-64.
private struct Fingerprint: Equatable {
    private var count: Int
    private var hash: Int

    init(_ bytes: [UInt8]) {
        count = bytes.count
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        hash = hasher.finalize()
    }
}
