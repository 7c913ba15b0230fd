/// One operation, ready to be repeated. What it needs is made in `init`, so that only the operation is measured.
protocol MicroBenchmark: AnyObject {
    /// Does the operation so many times, and whatever must be between two of them.
    func run(_ count: Int)
}

/// A benchmark by name, made when its turn comes.
struct BenchmarkEntry {
    /// As in limits.json.
    let name: String
    /// What one operation is.
    let about: String
    let make: () async throws -> any MicroBenchmark
}

/// Why a benchmark cannot be run.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
}
