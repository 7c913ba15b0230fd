/// Names that some backends take for one: CGI and its heirs make `HTTP_X_USER` of `X-User`, `X_User` and `X.User` alike, so
/// whoever erases or sets one must reckon with the others.
package enum HeaderTwins {
    /// Whether the two are equal when letter case is ignored and everything but letters and digits counts as a dash.
    package static func areTwins(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        guard a.count == b.count else { return false }
        for index in 0..<a.count where fold(a[index]) != fold(b[index]) { return false }
        return true
    }

    /// The id of the twin that has dashes only; `other` when it is none of ours.
    package static func dashedID(_ name: UnsafeRawBufferPointer) -> HeaderID {
        guard name.count <= 32 else { return .other }
        return withUnsafeTemporaryAllocation(byteCount: name.count, alignment: 1) { dashed in
            for index in name.indices { dashed[index] = fold(name[index]) }
            return HeaderID.lookup(UnsafeRawBufferPointer(dashed))
        }
    }

    /// The twin that has dashes only, in lower case.
    package static func dashed(_ name: UnsafeRawBufferPointer) -> String {
        String(decoding: name.map(fold), as: UTF8.self)
    }

    @inline(__always)
    private static func fold(_ byte: UInt8) -> UInt8 {
        HeaderBlock.isPlainNameByte(byte) ? ASCII.lower(byte) : 0x2D
    }
}
