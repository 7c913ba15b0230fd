import Synchronization

/// How a balancer chooses. Called on every event loop at once: what it remembers is atomic, and it neither locks nor allocates.
///
/// The suite `BalancerSuite` of the tests holds for every one of them.
package protocol BalancingStrategy: AnyObject, Sendable {
    /// - Parameter seed: decides what would otherwise be chance.
    init(candidates: [Candidate], seed: UInt64)

    /// The place of the chosen one among the candidates, one that is available; nil when none is.
    ///
    /// - Parameter client: the client's address as text.
    func pick(client: String) -> Int?

    /// Whether requests under way, and how fast they are answered, have to be told to the candidates' state.
    var watchesRequests: Bool { get }
}

extension BalancingStrategy {
    package var watchesRequests: Bool { false }
}

/// Random numbers for choices: one counter shared by all threads, its values scrambled (SplitMix64).
struct ChoiceNumbers: ~Copyable {
    private let position: Atomic<UInt64>

    init(seed: UInt64) { position = Atomic(seed) }

    func next() -> UInt64 {
        var mixed = position.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A number below `bound`, which is positive.
    func next(below bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }
}
