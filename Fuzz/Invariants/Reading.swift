import MartinetHTTP

/// What a parser made of an input.
enum Reading<Value: Equatable>: Equatable {
    case needMore
    case refused(HTTP1Refusal)
    /// `consumed` counts the bytes taken from the input.
    case value(Value, consumed: Int)

    /// Throws unless `other`, the same input in other pieces, was read the same.
    ///
    /// Limits may tell the difference, of what is not accepted: one may strike before the rest has come, and with the rest
    /// something worse may be found first, or a start line that is too long may wait for the end of its head.
    func mustAgree(with other: Reading, pieces: Int) throws(BrokenInvariant) {
        let agrees =
            switch (self, other) {
            case (.needMore, .needMore): true
            case (.refused(let a), .refused(let b)): a.status == b.status || Self.isLimit(a) || Self.isLimit(b)
            case (.needMore, .refused(let limit)), (.refused(let limit), .needMore): Self.isLimit(limit)
            case (.value(let a, let length), .value(let b, let otherLength)): a == b && length == otherLength
            default: false
            }
        guard agrees else {
            throw BrokenInvariant("in one piece it is \(self), in \(pieces) pieces it is \(other)")
        }
    }

    private static func isLimit(_ refusal: HTTP1Refusal) -> Bool { refusal.status == 414 || refusal.status == 431 }
}
