import MartinetHTTP
import NIOCore

/// How a request ends that comes in one read or in several.
enum RequestOutcome {
    /// Reads `bytes`, which come in two reads when there is a `cut`, as one request, body included. Returns the status it is
    /// refused with, 200 when it is whole, 0 when it waits for more.
    static func status(of bytes: [UInt8], cutAt cut: Int? = nil) -> UInt16 {
        guard let cut else { return status(of: [bytes[...]]) }
        return status(of: [bytes[..<cut], bytes[cut...]])
    }

    static func status(of reads: [ArraySlice<UInt8>]) -> UInt16 {
        var parser = HTTP1RequestParser(limits: HTTP1Limits())
        var head = RequestHead()
        var decoder: HTTP1BodyDecoder?
        var buffer = ByteBuffer()
        for read in reads {
            buffer.writeBytes(read)
            if decoder == nil {
                switch parser.parse(&buffer, into: &head) {
                case .needMore: continue
                case .refused(let refusal): return refusal.status
                case .head: decoder = HTTP1BodyDecoder(framing: head.framing)
                }
            }
            if let status = finish(&decoder, &buffer) { return status }
        }
        return 0
    }

    /// Reads on in the body; nil when it waits for more.
    private static func finish(_ decoder: inout HTTP1BodyDecoder?, _ buffer: inout ByteBuffer) -> UInt16? {
        while let event = decoder?.next(&buffer) {
            switch event {
            case .needMore: return nil
            case .data: continue
            case .end: return 200
            case .refused(let refusal): return refusal.status
            }
        }
        return nil
    }
}
