import MartinetHTTP
import NIOCore
import Testing

/// However a request is cut into reads, it ends the same: nobody chooses where a network cuts, except who attacks.
@Suite struct RequestSplitTests {
    /// What may stand before a request. Only one empty line is passed over (RFC 9112 2.2).
    static let beginnings = ["", "\r\n", "\r", "\n", "\r\n\r\n", "\r\n\n", "\n\n", "\r\r\n", "\r\n\r"]
    static let rows = RequestFramingTests.rows + RequestSyntaxTests.rows

    @Test(arguments: beginnings) func everyRequestEndsTheSameWhereverItIsCut(_ beginning: String) {
        for row in Self.rows {
            let bytes = Array((beginning + row.text).utf8)
            let whole = RequestOutcome.status(of: bytes)
            if beginning.isEmpty {
                #expect(whole == row.status, "\(row.label)")
            } else if beginning == "\r\n", !row.text.hasPrefix("\r\n") {
                #expect(whole == row.status, "\(row.label)")
            } else {
                #expect(whole >= 400, "\(row.label)")
            }
            for cut in Self.cuts(bytes.count) {
                let status = RequestOutcome.status(of: bytes, cutAt: cut)
                #expect(status == whole, "\(row.label), cut at \(cut)")
            }
        }
    }

    @Test(arguments: beginnings) func everyRequestEndsTheSameByteByByte(_ beginning: String) {
        for row in Self.rows where row.text.utf8.count < 4096 {
            let bytes = Array((beginning + row.text).utf8)
            let status = RequestOutcome.status(of: bytes.indices.map { bytes[$0...$0] })
            #expect(status == RequestOutcome.status(of: bytes), "\(row.label)")
        }
    }

    /// Every place; of the few long requests those near both ends, and some between.
    private static func cuts(_ count: Int) -> [Int] {
        (1..<count).filter { $0 < 128 || $0 > count - 128 || $0 % 1009 == 0 }
    }
}
