/// The figures of `circuitBreaker.expression`.
enum BreakerVocabulary: ConditionVocabulary {
    enum Figure: Sendable, Equatable {
        /// `NetworkErrorRatio()`: answers 502 and 504 to all.
        case networkErrorRatio
        /// `ResponseCodeRatio(from, to, dividedByFrom, dividedByTo)`: answers in the first range to those in the second.
        case responseCodeRatio(CodeRatio)
        /// `LatencyAtQuantileMS(quantile)`: milliseconds that so many per cent of the answers did not exceed.
        case latency(quantile: Double)
    }

    /// Two ranges of statuses, the upper ends not included.
    struct CodeRatio: Sendable, Equatable {
        var part: Range<Int>
        var whole: Range<Int>
    }

    static let names = [
        "NetworkErrorRatio()", "ResponseCodeRatio(from, to, dividedByFrom, dividedByTo)",
        "LatencyAtQuantileMS(quantile)",
    ]

    static func figure(
        _ name: String, _ arguments: [ConditionValue]
    ) throws(ConditionError) -> (figure: Figure, type: ConditionType)? {
        switch (name, arguments.count) {
        case ("NetworkErrorRatio", 0):
            return (.networkErrorRatio, .number)
        case ("ResponseCodeRatio", 4):
            var codes: [Int] = []
            for argument in arguments {
                guard case .integer(let code) = argument else { throw ConditionError("\(name) takes four integers") }
                codes.append(code)
            }
            return (
                .responseCodeRatio(CodeRatio(part: range(codes[0], codes[1]), whole: range(codes[2], codes[3]))),
                .number
            )
        case ("LatencyAtQuantileMS", 1):
            guard case .number(let quantile) = arguments[0] else {
                throw ConditionError("\(name) takes a number with a decimal point, such as 50.0")
            }
            return (.latency(quantile: quantile), .integer)
        case ("NetworkErrorRatio", _): throw ConditionError("\(name) takes no arguments")
        case ("ResponseCodeRatio", _): throw ConditionError("\(name) takes four arguments, not \(arguments.count)")
        case ("LatencyAtQuantileMS", _): throw ConditionError("\(name) takes one argument, not \(arguments.count)")
        default: return nil
        }
    }

    private static func range(_ from: Int, _ to: Int) -> Range<Int> { from..<max(from, to) }
}
