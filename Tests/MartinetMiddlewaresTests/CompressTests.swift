import CZlib
import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetMiddlewares

@Suite struct AcceptEncodingTests {
    @Test(arguments: [
        (["gzip"], "gzip"), (["GZIP"], "gzip"), (["br"], "br"), (["gzip, br"], "gzip"), (["gzip;q=0.5, br"], "br"),
        (["*"], "gzip"), (["gzip;q=0"], ""), (["*;q=0"], ""), (["br, *"], "gzip"), (["br, *;q=0.5"], "br"),
        (["identity"], ""), (["identity, gzip"], "gzip"), (["identity;q=1, gzip;q=0.5"], ""), ([""], ""), ([], ""),
        (["deflate"], ""), (["zstd;q=1.0, gzip;q=0.9"], "zstd"), (["deflate", "br"], "br"),
        (["gzip;q=0.5", "br;q=0.9"], "br"), (["gzip;q=x"], ""), (["gzip;q="], ""), (["gzip;q=0.001"], "gzip"),
        (["br;q=0.12345, gzip;q=0.12344"], "br"), (["br;q= .5"], "br"), (["br;q=-1"], ""), (["br;q=1.1.1"], ""),
        (["br;q=99999999999999999999999999"], "br"), (["br;q=0.00000000000000000000001"], ""),
    ])
    func theBestOfferedEncodingIsChosen(_ lines: [String], _ expected: String) {
        var accepted = AcceptEncoding(offered: [.gzip, .br, .zstd], fallback: nil)
        for line in lines { Array(line.utf8).withUnsafeBytes { accepted.read($0) } }
        #expect((accepted.coding?.rawValue ?? "") == expected)
    }

    @Test func theDefaultIsWhatThoseGetWhoTakeAnything() {
        var accepted = AcceptEncoding(offered: [.gzip, .br, .zstd], fallback: .zstd)
        Array("gzip, *".utf8).withUnsafeBytes { accepted.read($0) }
        #expect(accepted.coding == .zstd)
        #expect(accepted.namesGzip)
    }
}

@Suite struct MediaTypeTests {
    @Test(arguments: [
        ("text/html", true), (" text/html ", true), ("text", true), ("text/html;", true),
        ("text/html; a=b; c=\"d;\\\"\"", true),
        ("text/html; charset=utf-8; ", true), ("", false), ("/", false), ("text/", false), ("/html", false),
        ("not a type", false), ("text/html; charset=", false), ("text/html;;", false), ("text/html;;;=;", false),
        ("text/html; a=\"b", false), ("text/html; a=\"b\\", false), ("text/html; a=b c", false),
        ("text/html; a", false),
    ])
    func whatGoReadsIsReadable(_ value: String, _ expected: Bool) {
        #expect(Array(value.utf8).withUnsafeBytes { MediaType.isReadable($0) } == expected)
    }
}

@Suite struct ContentEncoderTests {
    /// gzip in pieces of any size, flushed or not, unpacks to what went in.
    @Test(arguments: [1, 7, 1000, 100_000]) func gzipRoundTrips(_ size: Int) throws {
        let plain = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let encoder = try #require(ContentEncoders.make(.gzip))
        var out = ByteBuffer()
        var index = 0
        let step = max(size, 100)
        while index < plain.count {
            let end = min(index + step, plain.count)
            plain[index..<end].withUnsafeBytes { encoder.encode($0, flush: index % 3 == 0, end: false, to: &out) }
            index = end
        }
        encoder.encode(UnsafeRawBufferPointer(start: nil, count: 0), flush: false, end: true, to: &out)
        #expect(inflate(Array(buffer: out), size: plain.count) == plain)
    }

    /// Streams are used again: what an answer left in one, ended or broken off, is not in the next.
    @Test func anAnswerBrokenOffLeavesNothingToTheNext() throws {
        let secret = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let plain = [UInt8](repeating: 65, count: 100_000)
        for turn in 0..<40 {
            let broken = try #require(ContentEncoders.make(.gzip))
            var out = ByteBuffer()
            secret.withUnsafeBytes { broken.encode($0, flush: turn % 2 == 0, end: false, to: &out) }
            let encoder = try #require(ContentEncoders.make(.gzip))
            out = ByteBuffer()
            plain.withUnsafeBytes { encoder.encode($0, flush: false, end: true, to: &out) }
            #expect(inflate(Array(buffer: out), size: plain.count) == plain)
        }
    }

    @Test func idleStreamsAreBounded() throws {
        let idle = IdleGzipStreams()
        #expect(idle.take() == nil)
        let streams = try (0...IdleGzipStreams.capacity).map { _ in try #require(GzipEncoder.makeStream()) }
        let kept = streams.filter { idle.keep($0) }
        #expect(kept == Array(streams.dropLast()))
        #expect(Set((0..<kept.count).compactMap { _ in idle.take() }) == Set(kept))
        #expect(idle.take() == nil)
        for stream in streams { GzipEncoder.discard(stream) }
    }

    @Test(arguments: [ContentCoding.br, .zstd]) func theOthersCompressAndEnd(_ coding: ContentCoding) throws {
        let encoder = try #require(ContentEncoders.make(coding))
        let plain = [UInt8](repeating: 65, count: 100_000)
        var out = ByteBuffer()
        plain.withUnsafeBytes { encoder.encode($0, flush: false, end: true, to: &out) }
        #expect(out.readableBytes > 0 && out.readableBytes < 1000)
    }

    private func inflate(_ bytes: [UInt8], size: Int) -> [UInt8] {
        var stream = z_stream()
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return [] }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: size + 100)
        return input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                let status = CZlib.inflate(&stream, Z_FINISH)
                return status == Z_STREAM_END ? Array(target.prefix(target.count - Int(stream.avail_out))) : []
            }
        }
    }
}
