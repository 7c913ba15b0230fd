/// Statuses and ranges of them, as the options of Traefik write them: `404`, `500-599`.
package struct StatusSet: Sendable, Equatable {
    package let ranges: [ClosedRange<UInt16>]

    /// Throws with the text that is no status and no range.
    package init(_ texts: [String]) throws(InvalidStatus) {
        var ranges: [ClosedRange<UInt16>] = []
        for text in texts {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count <= 2, let low = parts.first.flatMap({ UInt16($0) }),
                let high = parts.last.flatMap({ UInt16($0) })
            else { throw InvalidStatus(text: text) }
            // A range the wrong way round contains nothing.
            if low <= high { ranges.append(low...high) }
        }
        self.ranges = ranges
    }

    package func contains(_ status: UInt16) -> Bool {
        for range in ranges where range.contains(status) { return true }
        return false
    }
}

/// A text that is neither a status nor a range of statuses.
package struct InvalidStatus: Error, Equatable, CustomStringConvertible {
    package let text: String

    package init(text: String) { self.text = text }

    package var description: String { "\"\(text)\" is neither a status nor a range of statuses such as 500-599" }
}
