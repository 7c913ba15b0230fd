extension RoutingIndex {
    /// Files `rules`, which are in order of precedence. Linear in their number.
    convenience init(_ rules: [CompiledRule]) {
        var hosts = ByteTable(minimumCapacity: rules.count)
        var hasWildcards = false
        var filed: [(group: UInt32, candidate: Candidate)] = []
        filed.reserveCapacity(rules.count)
        var pathBytes: [UInt8] = []
        for (rank, rule) in rules.enumerated() {
            for (number, alternative) in rule.alternatives.enumerated() {
                var bucket = 0
                switch alternative.host {
                case .any: break
                case .exact(let name): bucket = hosts.number(of: name, in: HostScope.exact) + 1
                case .wildcard(let parent):
                    hasWildcards = true
                    bucket = hosts.number(of: parent, in: HostScope.wildcard) + 1
                }
                let path = alternative.path.bytes
                let candidate = Candidate(
                    rank: UInt32(truncatingIfNeeded: rank),
                    alternative: UInt32(truncatingIfNeeded: number),
                    pathOffset: UInt32(truncatingIfNeeded: pathBytes.count),
                    pathLength: UInt32(truncatingIfNeeded: path.count),
                    isExact: alternative.path.isExact,
                    hasRest: !alternative.rest.isEmpty
                )
                pathBytes.append(contentsOf: path)
                filed.append((UInt32(truncatingIfNeeded: bucket), candidate))
            }
        }
        let (runs, sorted) = Self.group(filed, into: hosts.count + 1)
        var paths = PathFiling(rules: rules)
        var buckets: [Bucket] = []
        buckets.reserveCapacity(runs.count)
        for (number, run) in runs.enumerated() {
            var bucket = Bucket()
            if run.count <= Self.smallBucket {
                bucket.direct = Run(start: UInt32(truncatingIfNeeded: paths.candidates.count), count: run.count)
                paths.candidates.append(contentsOf: sorted[run.range])
            } else {
                bucket = paths.file(sorted[run.range], bucket: number)
            }
            buckets.append(bucket)
        }
        let (pathRuns, candidates) = paths.finish()
        self.init(
            rules: rules,
            hosts: hosts,
            hasWildcards: hasWildcards,
            buckets: buckets,
            paths: paths.keys,
            pathRuns: pathRuns,
            candidates: candidates,
            prefixLengths: paths.prefixLengths,
            pathBytes: pathBytes
        )
    }

    /// Counting sort: the candidates of each group in one run, in the order they came.
    static func group(_ filed: [(group: UInt32, candidate: Candidate)], into groups: Int) -> ([Run], [Candidate]) {
        var runs = Array(repeating: Run(), count: groups)
        for item in filed { runs[Int(item.group)].count += 1 }
        var next: UInt32 = 0
        for index in runs.indices {
            runs[index].start = next
            next += runs[index].count
        }
        var positions = runs.map(\.start)
        let sorted = [Candidate](unsafeUninitializedCapacity: filed.count) { space, count in
            for item in filed {
                let group = Int(item.group)
                space.initializeElement(at: Int(positions[group]), to: item.candidate)
                positions[group] += 1
            }
            count = filed.count
        }
        return (runs, sorted)
    }
}

/// Files the candidates of large buckets by path.
private struct PathFiling {
    typealias Candidate = RoutingIndex.Candidate

    let rules: [CompiledRule]
    var keys = ByteTable()
    var candidates: [Candidate] = []
    var prefixLengths: [UInt32] = []
    private var filed: [(group: UInt32, candidate: Candidate)] = []

    init(rules: [CompiledRule]) { self.rules = rules }

    mutating func file(_ bucketCandidates: ArraySlice<Candidate>, bucket number: Int) -> RoutingIndex.Bucket {
        var bucket = RoutingIndex.Bucket()
        bucket.isLarge = true
        bucket.direct.start = UInt32(truncatingIfNeeded: candidates.count)
        var lengths: Set<UInt32> = []
        for candidate in bucketCandidates {
            let key: Int
            switch rules[Int(candidate.rank)].alternatives[Int(candidate.alternative)].path {
            case .none:
                candidates.append(candidate)
                bucket.direct.count += 1
                continue
            case .exact(let path):
                key = keys.number(of: path, in: RoutingIndex.pathScope(bucket: number, isPrefix: false))
            case .prefix(let prefix):
                key = keys.number(of: prefix, in: RoutingIndex.pathScope(bucket: number, isPrefix: true))
                lengths.insert(UInt32(truncatingIfNeeded: prefix.count))
            }
            filed.append((UInt32(truncatingIfNeeded: key), candidate))
        }
        bucket.lengths.start = UInt32(truncatingIfNeeded: prefixLengths.count)
        bucket.lengths.count = UInt32(truncatingIfNeeded: lengths.count)
        prefixLengths.append(contentsOf: lengths.sorted())
        return bucket
    }

    /// The runs of all path keys, and all candidates.
    func finish() -> (runs: [RoutingIndex.Run], candidates: [Candidate]) {
        let (runs, sorted) = RoutingIndex.group(filed, into: keys.count)
        let base = UInt32(truncatingIfNeeded: candidates.count)
        return (runs.map { RoutingIndex.Run(start: $0.start + base, count: $0.count) }, candidates + sorted)
    }
}
