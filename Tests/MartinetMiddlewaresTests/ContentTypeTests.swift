import MartinetConfig
import MartinetCore
import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetMiddlewares

@Suite struct ContentTypeTests {
    @Test(arguments: [
        ("<html><body>", "text/html; charset=utf-8"), ("\n\t <!doctype html>", "text/html; charset=utf-8"),
        ("<!-- x -->", "text/html; charset=utf-8"), ("<htmlx>", "text/plain; charset=utf-8"),
        ("<html", "text/plain; charset=utf-8"), (" <?xml version", "text/xml; charset=utf-8"),
        ("%PDF-1.4", "application/pdf"), ("GIF89a", "image/gif"), ("BM", "image/bmp"),
        ("hello", "text/plain; charset=utf-8"),
        ("PK\u{3}\u{4}", "application/zip"), ("\u{0}asm", "application/wasm"), ("a\u{1}b", "application/octet-stream"),
        ("RIFFxxxxWEBPVP", "image/webp"), ("RIFFxxxxWAVE", "audio/wave"), ("OggS\u{0}", "application/ogg"),
        ("\u{0}\u{0}\u{0}\u{10}ftypisommp42", "application/octet-stream"),
        ("\u{0}\u{0}\u{0}\u{14}ftypisom\u{0}\u{0}\u{2}\u{0}mp41", "video/mp4"),
    ])
    func bodiesAreToldByTheirFirstBytes(_ body: String, _ type: String) {
        let found = body.utf8.withContiguousStorageIfAvailable {
            "\(ContentSniffer.type(of: UnsafeRawBufferPointer($0)))"
        }
        #expect(found == type)
    }

    @Test(arguments: [
        ([0xFF, 0xD8, 0xFF, 0xE0] as [UInt8], "image/jpeg"),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
        ([0x1F, 0x8B, 0x08], "application/x-gzip"), ([0xFE, 0xFF, 0x00, 0x41], "text/plain; charset=utf-16be"),
        ([0xEF, 0xBB, 0xBF, 0x41], "text/plain; charset=utf-8"), ([0x1A, 0x45, 0xDF, 0xA3], "video/webm"),
        ([UInt8](repeating: 0, count: 34) + [0x4C, 0x50], "application/vnd.ms-fontobject"),
        ([], "text/plain; charset=utf-8"),
    ])
    func bytesAreToldByTheirSignature(_ body: [UInt8], _ type: String) {
        #expect(body.withUnsafeBytes { "\(ContentSniffer.type(of: $0))" } == type)
    }

    @Test func theLengthOfAnAnswerStaysKnown() {
        let exchange = Exchange.get()
        exchange.response.status = 200
        exchange.response.framing = .length(6)
        _ = ContentType(ContentTypeOptions()).response(exchange)
        #expect(exchange.responseTransforms.count == 1)
        #expect(exchange.responseTransforms[0].keepsLength)
        var chunk = ByteBuffer()
        #expect(exchange.responseTransforms[0].transform(&chunk, end: false, flush: false, exchange) == .hold)
        chunk = ByteBuffer(string: "<html>")
        #expect(exchange.responseTransforms[0].transform(&chunk, end: false, flush: false, exchange) == .release)
        #expect(exchange.response.headers.string(.contentType) == "text/html; charset=utf-8")
    }
}
