/// Something that must hold for every input does not hold for this one.
package struct BrokenInvariant: Error, CustomStringConvertible {
    /// What must hold, and what was found instead.
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Throws unless `condition` holds; `text` says what must hold.
func require(_ condition: Bool, _ text: @autoclosure () -> String) throws(BrokenInvariant) {
    guard condition else { throw BrokenInvariant(text()) }
}

/// Throws unless both are equal; `text` says what must be.
func requireEqual<Value: Equatable>(_ a: Value, _ b: Value, _ text: @autoclosure () -> String) throws(BrokenInvariant) {
    guard a == b else { throw BrokenInvariant("\(text()): \(a) is not \(b)") }
}
