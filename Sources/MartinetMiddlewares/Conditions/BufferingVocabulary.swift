/// The figures of `buffering.retryExpression`.
enum BufferingVocabulary: ConditionVocabulary {
    enum Figure: Sendable {
        /// `Attempts()`: tries so far.
        case attempts
        /// `ResponseCode()`: the status of the answer.
        case responseCode
        /// `IsNetworkError()`: whether it is 502 or 504.
        case isNetworkError
        /// `RequestMethod()`, such as `"GET"`.
        case requestMethod
    }

    static let names = ["Attempts()", "ResponseCode()", "IsNetworkError()", "RequestMethod()"]

    static func figure(
        _ name: String, _ arguments: [ConditionValue]
    ) throws(ConditionError) -> (figure: Figure, type: ConditionType)? {
        let found: (figure: Figure, type: ConditionType)
        switch name {
        case "Attempts": found = (.attempts, .integer)
        case "ResponseCode": found = (.responseCode, .integer)
        case "IsNetworkError": found = (.isNetworkError, .flag)
        case "RequestMethod": found = (.requestMethod, .text)
        default: return nil
        }
        guard arguments.isEmpty else { throw ConditionError("\(name) takes no arguments") }
        return found
    }
}
