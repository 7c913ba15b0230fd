/// What becomes of `;` in a query, which some backends take for `&` and others for a plain character.
package enum QuerySemicolons {
    /// Writes each `;` as `&`, or as `%3B` with `encode`.
    package static func apply(to head: inout RequestHead, encode: Bool) {
        guard head.headers.withBytes(head.query, { $0.contains(0x3B) }) else { return }
        let replaced: [UInt8] = head.headers.withBytes(head.query) { query in
            query.flatMap { byte -> [UInt8] in
                guard byte == 0x3B else { return [byte] }
                return encode ? [0x25, 0x33, 0x42] : [0x26]
            }
        }
        head.query = replaced.withUnsafeBytes { head.headers.store($0) }
    }
}
