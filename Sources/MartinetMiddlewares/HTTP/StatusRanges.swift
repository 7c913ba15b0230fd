/// Statuses and ranges of them, as options write them: `429`, `500-599`.
enum StatusRanges {
    /// Throws naming `option` and the text that is none.
    static func parse(_ texts: [String], option: String) throws(MiddlewareError) -> [ClosedRange<UInt16>] {
        var ranges: [ClosedRange<UInt16>] = []
        for text in texts {
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
            guard ends.count <= 2, let low = ends.first ?? nil, let high = ends.last ?? nil, low <= high, low >= 100,
                high <= 999
            else {
                throw MiddlewareError("\(option): \"\(text)\" is no status or range", remedy: "write 429 or 500-599")
            }
            ranges.append(low...high)
        }
        return ranges
    }
}
