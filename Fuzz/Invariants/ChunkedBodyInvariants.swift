import MartinetHTTP
import NIOCore

/// What must hold for every chunked body: it decodes to the same bytes however it is cut into reads, the bytes that wait are within
/// the limits, nothing is made up, and what was decoded, written again, decodes to the same.
enum ChunkedBodyInvariants {
    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        for policy in [TrailerPolicy.request, .response] { try check(input, policy) }
    }

    private static func check(_ input: [UInt8], _ policy: TrailerPolicy) throws(BrokenInvariant) {
        var whole: (reading: Reading<DecodedBody>, soFar: [UInt8])?
        for pieces in Fragments.ways(of: input) {
            let found = try decode(pieces, policy)
            if let whole {
                try whole.reading.mustAgree(with: found.reading, pieces: pieces.count)
                try requireEqual(found.soFar, whole.soFar, "the bytes before the end or the refusal")
            } else {
                whole = found
            }
        }
        guard let whole, case .value(let body, let consumed) = whole.reading else { return }
        try require(consumed <= input.count, "no more is consumed than has come")
        try require(body.payload.count < consumed, "a body is shorter than its encoding")
        for line in body.trailers {
            try line.mustBeClean()
            try require(line.name.withUnsafeBytes { policy.admits($0) }, "only safe trailers are kept")
        }
        try require(body.trailers.count <= HTTP1Limits.small.maxFields, "no more trailers than the limit")
        try mustSurviveWriting(body, input, policy)
    }

    private static func decode(
        _ pieces: [ArraySlice<UInt8>], _ policy: TrailerPolicy
    ) throws(BrokenInvariant) -> (reading: Reading<DecodedBody>, soFar: [UInt8]) {
        let limits = HTTP1Limits.small
        var decoder = HTTP1BodyDecoder(framing: .chunked, limits: limits, trailers: policy)
        var body = DecodedBody()
        var buffer = ByteBuffer()
        var fed = 0
        for piece in pieces {
            buffer.writeBytes(piece)
            fed += piece.count
            reading: while true {
                switch decoder.next(&buffer) {
                case .needMore:
                    break reading
                case .data(let data):
                    try require(data.readableBytes > 0, "a piece of a body is never empty")
                    body.payload += data.readableBytesView
                case .end:
                    try require(decoder.isComplete, "a body that ended is complete")
                    body.trailers = decoder.trailers?.fields.lines() ?? []
                    return (.value(body, consumed: fed - buffer.readableBytes), body.payload)
                case .refused(let refusal):
                    return (.refused(refusal), body.payload)
                }
            }
            try require(!decoder.isComplete, "a body that waits for more is not complete")
            // A size line has at most 15 digits besides its extensions.
            let bound = max(limits.maxTrailerBytes, limits.maxChunkLine + 2)
            try require(buffer.readableBytes <= bound, "\(buffer.readableBytes) bytes wait")
        }
        return (.needMore, body.payload)
    }

    /// Encodes the body as the proxy sends it on, in chunks of odd sizes.
    private static func mustSurviveWriting(
        _ body: DecodedBody, _ input: [UInt8], _ policy: TrailerPolicy
    ) throws(BrokenInvariant) {
        var random = SplitMix(seededBy: input)
        var out = ByteBuffer()
        var rest = body.payload[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(Int.random(in: 1...300, using: &random))
            HTTP1Writer.writeChunkHeader(chunk.count, to: &out)
            out.writeBytes(chunk)
            out.writeStaticString("\r\n")
            rest = rest.dropFirst(chunk.count)
        }
        var trailers = HeaderBlock()
        for line in body.trailers {
            let name = line.name.withUnsafeBytes { trailers.store($0) }
            trailers.append(id: line.id, name: name, value: line.value.withUnsafeBytes { trailers.store($0) })
        }
        HTTP1Writer.writeLastChunk(trailers: trailers.isEmpty ? nil : TrailerSection(trailers), to: &out)
        var again = DecodedBody()
        var decoder = HTTP1BodyDecoder(framing: .chunked, trailers: policy)
        while !decoder.isComplete {
            switch decoder.next(&out) {
            case .data(let data): again.payload += data.readableBytesView
            case .end: again.trailers = decoder.trailers?.fields.lines() ?? []
            case .needMore: throw BrokenInvariant("what is sent on is whole")
            case .refused(let refusal): throw BrokenInvariant("what is sent on is accepted, not refused: \(refusal)")
            }
        }
        try requireEqual(out.readableBytes, 0, "nothing is left behind a body that was sent on")
        try requireEqual(again, body, "the body that was sent on")
    }
}
