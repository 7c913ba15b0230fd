import MartinetHTTP

/// The `Trailer` line: names of the trailer fields that are to come (RFC 9110 §6.6.2).
enum TrailerAnnouncement {
    /// Writes the names that were announced and may be passed on; nothing when there is none.
    static func write(_ headers: borrowing HeaderBlock, _ policy: TrailerPolicy, to out: inout RawWriter) {
        guard headers.contains(.trailer) else { return }
        var names: [[UInt8]] = []
        for entry in headers.entries where entry.id == .trailer {
            headers.withBytes(entry.value) { value in
                ASCII.forEachListItem(value) { item in
                    if policy.admits(item) { names.append(Array(item)) }
                }
            }
        }
        guard !names.isEmpty else { return }
        out.write("Trailer: ")
        for (index, name) in names.enumerated() {
            // No blank after the comma: the line must not grow longer than those it is made of, see ``FieldLines/size(of:)``.
            if index > 0 { out.write(",") }
            name.withUnsafeBytes { out.write($0) }
        }
        out.write("\r\n")
    }
}
