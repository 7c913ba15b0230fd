package import MartinetHTTP

/// Headers that a message's Connection header names (RFC 9110 §7.6.1).
package enum ConnectionTokens {
    /// Most names that are looked at. An answer that lists more keeps the other headers: they do no harm, and looking for
    /// thousands of names among hundreds of lines would.
    private static let mostNames = 100

    /// Removes them from an answer, but not what the framing rests on.
    package static func removeListed(from headers: inout HeaderBlock) {
        var names: [[UInt8]] = []
        for entry in headers.entries where entry.id == .connection {
            headers.withBytes(entry.value) { value in
                ASCII.forEachListItem(value) { item in
                    switch HeaderID.lookup(item) {
                    case .connection, .keepAlive, .upgrade, .contentLength, .transferEncoding: break
                    default:
                        if names.count < mostNames, !ASCII.equalIgnoringCase(item, "close") {
                            names.append(Array(item))
                        }
                    }
                }
            }
        }
        for name in names { name.withUnsafeBytes { headers.remove(name: $0) } }
    }
}
