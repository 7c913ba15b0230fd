/// What a breaker knows of the answers of the last ten seconds, and of their latencies over the last minute: just what its condition
/// asks for.
final class BreakerMetrics: Sendable {
    private let ratios: [BreakerVocabulary.CodeRatio]
    private let counters: RollingCounters
    private let latencies: LatencyHistogram?

    private static let total = 0
    private static let networkErrors = 1
    private static let firstRatio = 2

    init(for figures: [BreakerVocabulary.Figure]) {
        var ratios: [BreakerVocabulary.CodeRatio] = []
        var measuresLatency = false
        for figure in figures {
            switch figure {
            case .networkErrorRatio: break
            case .responseCodeRatio(let ratio): if !ratios.contains(ratio) { ratios.append(ratio) }
            case .latency: measuresLatency = true
            }
        }
        self.ratios = ratios
        counters = RollingCounters(Self.firstRatio + 2 * ratios.count)
        latencies = measuresLatency ? LatencyHistogram() : nil
    }

    /// - Parameters:
    ///   - latency: nanoseconds.
    ///   - now: uptime in nanoseconds.
    func record(_ status: UInt16, latency: UInt64, now: UInt64) {
        let second = now / 1_000_000_000
        counters.add(Self.total, second: second)
        if status == 502 || status == 504 { counters.add(Self.networkErrors, second: second) }
        for (index, ratio) in ratios.enumerated() {
            if ratio.part.contains(Int(status)) { counters.add(Self.firstRatio + 2 * index, second: second) }
            if ratio.whole.contains(Int(status)) { counters.add(Self.firstRatio + 2 * index + 1, second: second) }
        }
        latencies?.add(latency, now: now)
    }

    func value(of figure: BreakerVocabulary.Figure, now: UInt64) -> ConditionValue {
        let second = now / 1_000_000_000
        switch figure {
        case .networkErrorRatio:
            return ratio(Self.networkErrors, Self.total, second)
        case .responseCodeRatio(let wanted):
            guard let index = ratios.firstIndex(of: wanted) else { return .number(0) }
            return ratio(Self.firstRatio + 2 * index, Self.firstRatio + 2 * index + 1, second)
        case .latency(let quantile):
            return .integer(Int((latencies?.value(at: quantile, now: now) ?? 0) / 1000))
        }
    }

    private func ratio(_ part: Int, _ whole: Int, _ second: UInt64) -> ConditionValue {
        let divisor = counters.total(whole, second: second)
        return .number(divisor == 0 ? 0 : Double(counters.total(part, second: second)) / Double(divisor))
    }

    func reset() {
        counters.reset()
        latencies?.reset()
    }
}
