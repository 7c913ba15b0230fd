/// A rendered template, and which line of the template each of its lines comes from.
package struct RenderedText: Sendable {
    package internal(set) var bytes: [UInt8] = []
    /// For each line of `bytes` the line of the template, both counting from 1.
    private var origins: [Int32] = [1]
    /// Whether the last line has been written to.
    private var hasBegun = false

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The line of the template that line `line` of the text comes from.
    package func origin(ofLine line: Int) -> Int {
        guard line >= 1, let last = origins.last else { return line }
        return Int(line <= origins.count ? origins[line - 1] : last)
    }

    /// Appends text of the template itself, which begins in its line `line`.
    mutating func append(source: ArraySlice<UInt8>, line: Int) {
        bytes.append(contentsOf: source)
        var line = line
        for byte in source {
            begin(line)
            if byte == 0x0A {
                line += 1
                end(line)
            }
        }
    }

    /// Appends what an action in line `line` gave.
    mutating func append(value: [UInt8], line: Int) {
        bytes.append(contentsOf: value)
        for byte in value {
            begin(line)
            if byte == 0x0A { end(line) }
        }
    }

    private mutating func begin(_ line: Int) {
        guard !hasBegun else { return }
        hasBegun = true
        origins[origins.count - 1] = Int32(clamping: line)
    }

    private mutating func end(_ next: Int) {
        origins.append(Int32(clamping: next))
        hasBegun = false
    }
}
