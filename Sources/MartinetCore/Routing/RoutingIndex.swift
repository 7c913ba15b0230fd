import MartinetHTTP

/// Finds the first rule, in a list ordered by precedence, that a request fulfils, without asking them all.
///
/// Every rule is filed under its alternatives (``RuleAlternative``): first by host, then by path.
///
///     host      exact host  ─┐
///               *.parent    ─┼─► bucket ─► up to 8 alternatives: asked one by one
///               no host     ─┘            more: any path │ exact path │ path prefixes, by hash of each length in use
///
/// What is found in a list is in order of precedence, so that a list is left at its first match, or as soon as it has
/// nothing better than what another list gave. Immutable; matching allocates nothing and takes no lock.
final class RoutingIndex: Sendable {
    /// An alternative of the rule at `rank`, with its path beside it: most candidates are decided without touching
    /// the rule.
    struct Candidate: Sendable {
        let rank: UInt32
        let alternative: UInt32
        /// Where the path it asks for starts in `pathBytes`.
        let pathOffset: UInt32
        /// Length of that path in bytes.
        let pathLength: UInt32
        /// Whether the path must be exactly that, instead of starting with it.
        let isExact: Bool
        /// Whether there is more to ask than host and path.
        let hasRest: Bool
    }

    /// A part of an array.
    struct Run: Sendable {
        var start: UInt32 = 0
        var count: UInt32 = 0

        @inline(__always)
        var range: Range<Int> { Int(start)..<(Int(start) &+ Int(count)) }
    }

    /// The rules that ask for one host.
    struct Bucket: Sendable {
        /// All candidates of a small bucket; those without path of a large one. A run of `candidates`.
        var direct = Run()
        /// Lengths of the path prefixes of a large bucket, ascending. A run of `prefixLengths`.
        var lengths = Run()
        var isLarge = false
    }

    /// Scopes of `hosts`.
    enum HostScope {
        static let exact: UInt32 = 0
        static let wildcard: UInt32 = 1
    }

    /// Buckets with more candidates than this are looked up by path. Eight comparisons cost as much as a few hashes.
    static let smallBucket = 8

    let rules: [CompiledRule]
    let hosts: ByteTable
    let hasWildcards: Bool
    /// The bucket of rules without host comes first, then one for each key of `hosts`.
    let buckets: [Bucket]
    let paths: ByteTable
    /// The candidates of each key of `paths`; runs of `candidates`.
    let pathRuns: [Run]
    let candidates: [Candidate]
    let prefixLengths: [UInt32]
    /// The paths of all candidates, end to end.
    let pathBytes: [UInt8]

    init(
        rules: [CompiledRule],
        hosts: ByteTable,
        hasWildcards: Bool,
        buckets: [Bucket],
        paths: ByteTable,
        pathRuns: [Run],
        candidates: [Candidate],
        prefixLengths: [UInt32],
        pathBytes: [UInt8]
    ) {
        self.rules = rules
        self.hosts = hosts
        self.hasWildcards = hasWildcards
        self.buckets = buckets
        self.paths = paths
        self.pathRuns = pathRuns
        self.candidates = candidates
        self.prefixLengths = prefixLengths
        self.pathBytes = pathBytes
    }

    /// Scopes of `paths`: two for each bucket.
    @inline(__always)
    static func pathScope(bucket: Int, isPrefix: Bool) -> UInt32 {
        UInt32(truncatingIfNeeded: bucket &* 2 &+ (isPrefix ? 1 : 0))
    }

    /// The position in `rules` of the first one the request fulfils.
    func match(_ head: borrowing RequestHead, _ subject: borrowing RuleSubject) -> Int? {
        var best = UInt32.max
        if hosts.count > 0 {
            var hash = ByteTable.Hash()
            hash.add(subject.host)
            let exact = hash.value(in: HostScope.exact)
            if let bucket = hosts.find(subject.host, in: HostScope.exact, hash: exact) {
                search(bucket &+ 1, head, subject, &best)
            }
            if hasWildcards, let parent = HostPattern.parent(of: subject.host) {
                var hash = ByteTable.Hash()
                hash.add(parent)
                let wildcard = hash.value(in: HostScope.wildcard)
                if let bucket = hosts.find(parent, in: HostScope.wildcard, hash: wildcard) {
                    search(bucket &+ 1, head, subject, &best)
                }
            }
        }
        search(0, head, subject, &best)
        return best == .max ? nil : Int(best)
    }

    /// Lowers `best` to the rank of the bucket's first match, if it has a better one.
    private func search(
        _ number: Int,
        _ head: borrowing RequestHead,
        _ subject: borrowing RuleSubject,
        _ best: inout UInt32
    ) {
        let bucket = buckets[number]
        guard bucket.isLarge else {
            for index in bucket.direct.range {
                let candidate = candidates[index]
                if candidate.rank >= best { return }
                guard pathFits(candidate, subject.path), restHolds(candidate, head, subject) else { continue }
                best = candidate.rank
                return
            }
            return
        }
        var hash = ByteTable.Hash()
        var hashed = 0
        let path = subject.path
        let prefixes = Self.pathScope(bucket: number, isPrefix: true)
        for index in bucket.lengths.range {
            let length = Int(prefixLengths[index])
            if length > path.count { break }
            while hashed < length {
                hash.add(path[hashed])
                hashed &+= 1
            }
            let prefix = UnsafeRawBufferPointer(rebasing: path[..<length])
            if let key = paths.find(prefix, in: prefixes, hash: hash.value(in: prefixes)) {
                ask(pathRuns[key], head, subject, &best)
            }
        }
        while hashed < path.count {
            hash.add(path[hashed])
            hashed &+= 1
        }
        let exact = Self.pathScope(bucket: number, isPrefix: false)
        if let key = paths.find(path, in: exact, hash: hash.value(in: exact)) {
            ask(pathRuns[key], head, subject, &best)
        }
        ask(bucket.direct, head, subject, &best)
    }

    /// Asks a list of candidates whose host and path are known to fit.
    private func ask(
        _ run: Run,
        _ head: borrowing RequestHead,
        _ subject: borrowing RuleSubject,
        _ best: inout UInt32
    ) {
        for index in run.range {
            let candidate = candidates[index]
            if candidate.rank >= best { return }
            guard restHolds(candidate, head, subject) else { continue }
            best = candidate.rank
            return
        }
    }

    @inline(__always)
    private func pathFits(_ candidate: Candidate, _ path: UnsafeRawBufferPointer) -> Bool {
        let length = Int(candidate.pathLength)
        guard candidate.isExact ? path.count == length : path.count >= length else { return false }
        return pathBytes.withUnsafeBytes { bytes in
            let start = Int(candidate.pathOffset)
            return path.begins(with: UnsafeRawBufferPointer(rebasing: bytes[start..<(start &+ length)]))
        }
    }

    @inline(__always)
    private func restHolds(
        _ candidate: Candidate,
        _ head: borrowing RequestHead,
        _ subject: borrowing RuleSubject
    ) -> Bool {
        guard candidate.hasRest else { return true }
        return rules[Int(candidate.rank)].alternatives[Int(candidate.alternative)].restMatches(head, subject)
    }
}
