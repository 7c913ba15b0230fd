/// Statuses and ranges of them, as options write them: `429`, `500-599`.
enum StatusRanges {
    /// Throws naming `option` and the text that is none. As in Traefik a range may reach beyond what a status can be, holds nothing
    /// when it is written the wrong way round, and ends at its second number whatever comes behind it.
    static func parse(_ texts: [String], option: String) throws(MiddlewareError) -> [ClosedRange<UInt16>] {
        var ranges: [ClosedRange<UInt16>] = []
        for text in texts {
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).prefix(2).map { Int($0) }
            guard let low = ends.first ?? nil, let high = ends.last ?? nil else {
                throw MiddlewareError("\(option): \"\(text)\" is no status or range", remedy: "write 429 or 500-599")
            }
            if low <= high { ranges.append(UInt16(clamping: low)...UInt16(clamping: high)) }
        }
        return ranges
    }
}
