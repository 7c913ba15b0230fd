package import MartinetHTTP

/// Headers that a message's Connection header names (RFC 9110 §7.6.1).
package enum ConnectionTokens {
    /// Removes them from an answer, but not what the framing rests on.
    package static func removeListed(from headers: inout HeaderBlock) {
        var names: [[UInt8]] = []
        for entry in headers.entries where entry.id == .connection {
            headers.withBytes(entry.value) { value in
                ASCII.forEachListItem(value) { item in
                    switch HeaderID.lookup(item) {
                    case .connection, .keepAlive, .upgrade, .contentLength, .transferEncoding: break
                    default: if !ASCII.equalIgnoringCase(item, "close") { names.append(Array(item)) }
                    }
                }
            }
        }
        for name in names { name.withUnsafeBytes { headers.remove(name: $0) } }
    }
}
