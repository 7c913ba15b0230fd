/// A condition over figures, as `circuitBreaker.expression` and `buffering.retryExpression` write it:
/// `NetworkErrorRatio() > 0.5 || LatencyAtQuantileMS(50.0) >= 100`.
///
/// What figures there are is the vocabulary's business; grammar and types are those of Go, as in Traefik: a figure stands on the
/// left, a literal of its own type on the right, so that a ratio compares with `1.0`, not with `1`.
struct Condition<Vocabulary: ConditionVocabulary>: Sendable {
    indirect enum Node: Sendable {
        case all(Node, Node)
        case any(Node, Node)
        case compare(Vocabulary.Figure, ConditionOperator, ConditionValue)
        case test(Vocabulary.Figure)
    }

    let root: Node

    /// Reads `text`. Throws naming the place, counted in characters from 1.
    init(_ text: String) throws(ConditionError) {
        var parser = try ConditionParser<Vocabulary>(text)
        root = try parser.parse()
    }

    /// Every figure the condition asks for, from left to right; some may come twice.
    var figures: [Vocabulary.Figure] { Self.figures(root) }

    private static func figures(_ node: Node) -> [Vocabulary.Figure] {
        switch node {
        case .all(let left, let right), .any(let left, let right): figures(left) + figures(right)
        case .compare(let figure, _, _), .test(let figure): [figure]
        }
    }

    /// Whether it holds. `value` gives the figures as they are now; those behind a decided `&&` or `||` are not asked for.
    func holds(_ value: (Vocabulary.Figure) -> ConditionValue) -> Bool { Self.holds(root, value) }

    private static func holds(_ node: Node, _ value: (Vocabulary.Figure) -> ConditionValue) -> Bool {
        switch node {
        case .all(let left, let right): holds(left, value) && holds(right, value)
        case .any(let left, let right): holds(left, value) || holds(right, value)
        case .compare(let figure, let comparison, let literal): comparison.holds(value(figure), literal)
        case .test(let figure): value(figure) == .flag(true)
        }
    }
}

/// The figures that conditions of one middleware may ask for.
protocol ConditionVocabulary: Sendable {
    associatedtype Figure: Sendable
    /// Names of the functions, for messages.
    static var names: [String] { get }
    /// The figure that `name(arguments)` stands for and the type of its value; nil when there is no function of that name. Throws
    /// with what is wrong with the arguments.
    static func figure(
        _ name: String, _ arguments: [ConditionValue]
    ) throws(ConditionError) -> (figure: Figure, type: ConditionType)?
}

/// The types of Go that conditions know.
enum ConditionType: String, Sendable {
    case integer = "an integer"
    case number = "a number with a decimal point"
    case text = "a string"
    case flag = "true or false"
}

enum ConditionValue: Sendable, Equatable {
    case integer(Int)
    case number(Double)
    case text(String)
    case flag(Bool)

    var type: ConditionType {
        switch self {
        case .integer: .integer
        case .number: .number
        case .text: .text
        case .flag: .flag
        }
    }
}

enum ConditionOperator: String, Sendable, CaseIterable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case different = "!="

    var ordersOnly: Bool { self != .equal && self != .different }

    /// Compares two values of one type; false for two that are not.
    func holds(_ left: ConditionValue, _ right: ConditionValue) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): holds(left, right)
        case (.number(let left), .number(let right)): holds(left, right)
        case (.text(let left), .text(let right)): holds(left, right)
        default: false
        }
    }

    private func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        case .equal: left == right
        case .different: left != right
        }
    }
}

/// Why a condition was refused.
struct ConditionError: Error, Sendable, Equatable, CustomStringConvertible {
    let reason: String
    /// Where, counted in characters from 1; nil when it is the whole of it.
    var position: Int?

    init(_ reason: String, at position: Int? = nil) {
        self.reason = reason
        self.position = position
    }

    var description: String { position.map { "\(reason) at character \($0)" } ?? reason }
}
