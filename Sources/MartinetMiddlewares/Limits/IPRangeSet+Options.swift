import MartinetCore

extension IPRangeSet {
    /// Reads `texts`; throws naming `option`.
    static func of(_ texts: [String], option: String) throws(MiddlewareError) -> IPRangeSet {
        do {
            return try IPRangeSet(texts)
        } catch {
            throw MiddlewareError("\(option): \(error)", remedy: "write an address or a network")
        }
    }
}
