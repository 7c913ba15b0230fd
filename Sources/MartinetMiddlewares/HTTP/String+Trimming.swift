extension String {
    /// Without blanks and line ends around it.
    func trimmingBlanks() -> String {
        let head = drop { $0.isWhitespace }
        return String(head.reversed().drop { $0.isWhitespace }.reversed())
    }
}
