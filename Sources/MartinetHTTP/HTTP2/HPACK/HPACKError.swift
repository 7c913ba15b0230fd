/// A field block that cannot be decoded. The tables of both sides differ from here on, so the connection ends with
/// COMPRESSION_ERROR (RFC 9113 §4.3).
package struct HPACKError: Error, Equatable, Sendable {
    /// What was wrong, for the log.
    package let reason: StaticString

    package static func == (a: HPACKError, b: HPACKError) -> Bool { a.reason.bytes.elementsEqual(b.reason.bytes) }
}
