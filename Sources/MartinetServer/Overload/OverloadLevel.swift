/// How much the process gives up to stay alive, from nothing to nearly all. Each step includes those before it.
///
/// The numbers and their reasons stand in `docs/overload.md`.
package enum OverloadLevel: UInt8, Comparable, CaseIterable, Sendable {
    case calm
    /// Connections that wait for their next request are kept for two seconds only.
    case trimming
    /// They are not kept at all: answers say `Connection: close`.
    case closing
    /// A new connection takes the place of one that waits for its client; where there is none, it gets 503. With too little memory so
    /// does every request.
    case refusing
    /// Without memory, new connections are reset before anything is spent on them; else those beyond the limit are.
    case shut

    /// Percentage of a resource in use at which the level is entered.
    package var threshold: Int {
        switch self {
        case .calm: 0
        case .trimming: 85
        case .closing: 92
        case .refusing: 95
        case .shut: 98
        }
    }

    /// How far, in percentage points, use has to fall below the threshold before the level is left. One connection more or less must not
    /// switch it to and fro.
    package static let hysteresis = 5

    /// The level that follows this one when so much of the resource, in per cent, is in use.
    package func next(_ percent: Int) -> OverloadLevel {
        var result = OverloadLevel.calm
        for level in Self.allCases {
            let bound = level <= self ? level.threshold - Self.hysteresis : level.threshold
            if percent >= bound { result = level }
        }
        return result
    }

    package static func < (first: OverloadLevel, second: OverloadLevel) -> Bool { first.rawValue < second.rawValue }
}
