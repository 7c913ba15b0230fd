import MartinetHTTP
import NIOCore

/// What must hold for every sequence of frames behind a connection's beginning, to a server and to a client that has asked three
/// things.
enum HTTP2Invariants {
    static func check(_ input: [UInt8], _ role: HTTP2Role) throws(BrokenInvariant) {
        var whole: HTTP2Transcript?
        for pieces in Fragments.ways(of: input) {
            let transcript = HTTP2Transcript(role)
            for piece in pieces {
                transcript.feed(piece)
                try mustBeBounded(transcript)
            }
            if let broken = transcript.broken { throw broken }
            try mustHaveWrittenFrames(transcript.output)
            if let whole {
                try requireEqual(transcript.events, whole.events, "the events, in \(pieces.count) pieces")
                try requireEqual(transcript.output, whole.output, "the output, in \(pieces.count) pieces")
            } else {
                whole = transcript
                try require(
                    transcript.output.readableBytes <= 1024 + input.count * 8, "answers are in proportion to the input")
            }
        }
    }

    private static func mustBeBounded(_ transcript: HTTP2Transcript) throws(BrokenInvariant) {
        try require(transcript.waiting <= 16384 + 9, "no more than a frame waits")
        try require(transcript.session.openStreams <= 100, "no more streams than the limit")
        try require(transcript.session.isClosed == transcript.hasEnded, "the end is told once")
    }

    /// What we write is whole frames that we may write.
    private static func mustHaveWrittenFrames(_ output: ByteBuffer) throws(BrokenInvariant) {
        var output = output
        while let (word, _, stream) = output.readMultipleIntegers(as: (UInt32, UInt8, UInt32).self) {
            try require(word & 255 <= 9, "a frame has a known type")
            try require(word >> 8 <= 16384, "a frame is not too large")
            try require(stream >> 31 == 0, "the reserved bit is clear")
            try require(output.readSlice(length: Int(word >> 8)) != nil, "a frame is whole")
        }
        try requireEqual(output.readableBytes, 0, "nothing but frames is written")
    }
}
