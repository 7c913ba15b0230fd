/// The trailer lines of a chunked body (RFC 9110 §6.5), handed on from the one who read them to the one who writes them.
package final class TrailerSection {
    package let fields: HeaderBlock

    package init(_ fields: consuming HeaderBlock) {
        self.fields = fields
    }
}
