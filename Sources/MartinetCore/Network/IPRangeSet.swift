/// A set of addresses made of blocks; membership is a binary search, whatever the number of blocks.
package struct IPRangeSet: Sendable, Equatable {
    /// Addresses from `first` to `last`, both included.
    private struct Interval: Sendable, Equatable {
        var first: UInt128
        var last: UInt128
    }

    // Two lists, because an IPv6 block around the mapped addresses must not hold IPv4.
    private let v4: [Interval]
    private let v6: [Interval]

    /// The empty set.
    package init() {
        v4 = []
        v6 = []
    }

    package init(_ ranges: [IPRange]) {
        v4 = Self.merge(ranges.filter { $0.base.isIPv4 })
        v6 = Self.merge(ranges.filter { !$0.base.isIPv4 })
    }

    /// Reads each text as a block or an address. Throws the first that is neither.
    package init(_ texts: [String]) throws(IPRangeError) {
        var ranges: [IPRange] = []
        ranges.reserveCapacity(texts.count)
        for text in texts {
            guard let range = IPRange(text) else { throw IPRangeError(text: text) }
            ranges.append(range)
        }
        self.init(ranges)
    }

    package var isEmpty: Bool { v4.isEmpty && v6.isEmpty }

    package func contains(_ address: IPAddress) -> Bool {
        let intervals = address.isIPv4 ? v4 : v6
        var low = 0
        var high = intervals.count
        while low < high {
            let middle = (low + high) / 2
            if intervals[middle].last < address.value { low = middle + 1 } else { high = middle }
        }
        return low < intervals.count && intervals[low].first <= address.value
    }

    /// Sorted, with overlapping and adjoining blocks made one.
    private static func merge(_ ranges: [IPRange]) -> [Interval] {
        var merged: [Interval] = []
        for range in ranges.sorted(by: { $0.base < $1.base }) {
            let next = Interval(first: range.base.value, last: range.last.value)
            if let top = merged.last, top.last == .max || next.first <= top.last + 1 {
                merged[merged.count - 1].last = max(top.last, next.last)
            } else {
                merged.append(next)
            }
        }
        return merged
    }
}

/// A text that is neither an IP address nor a CIDR block.
package struct IPRangeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text as configured.
    package let text: String

    package init(text: String) { self.text = text }

    package var description: String {
        "\"\(text)\" is neither an IP address nor a CIDR block such as 10.0.0.0/8 or 2001:db8::/32"
    }
}
