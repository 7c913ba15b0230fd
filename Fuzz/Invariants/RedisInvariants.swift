import MartinetRedis
import NIOCore

/// What must hold for everything a server may answer: what is read does not depend on how it is cut into pieces, and nothing goes
/// beyond the limits.
enum RedisInvariants {
    private struct Reading: Equatable {
        var answers: [RESPValue] = []
        var error: RESPError?
    }

    private static let limits: RESPLimits = {
        var limits = RESPLimits()
        limits.bytes = 4096
        limits.line = 256
        limits.elements = 64
        limits.depth = 4
        return limits
    }()

    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        var whole: Reading?
        for pieces in Fragments.ways(of: input) {
            let reading = read(pieces)
            for answer in reading.answers {
                var elements = 0
                let bytes = try measure(answer, depth: 0, &elements)
                try require(bytes <= limits.bytes, "an answer of \(bytes) bytes")
                try require(elements <= limits.elements, "an answer of \(elements) elements")
            }
            // Numbers that are not numbers are not equal to themselves: compared in words.
            if let whole {
                try requireEqual("\(reading)", "\(whole)", "the answers in \(pieces.count) pieces")
            } else {
                whole = reading
            }
        }
    }

    private static func read(_ pieces: [ArraySlice<UInt8>]) -> Reading {
        var reading = Reading()
        var parser = RESPParser(limits: limits)
        var buffer = ByteBuffer()
        for piece in pieces where reading.error == nil {
            buffer.writeBytes(piece)
            do throws(RESPError) {
                while let value = try parser.next(&buffer) { reading.answers.append(value) }
            } catch {
                reading.error = error
            }
        }
        return reading
    }

    /// Bytes of strings; counts elements.
    private static func measure(
        _ value: RESPValue, depth: Int, _ elements: inout Int
    ) throws(BrokenInvariant) -> Int {
        elements += 1
        try require(depth <= limits.depth, "nesting \(depth) deep")
        switch value {
        case .string(let bytes): return bytes.readableBytes
        case .error, .integer, .double, .boolean, .null: return 0
        case .array(let members), .map(let members), .push(let members):
            var bytes = 0
            for member in members { bytes += try measure(member, depth: depth + 1, &elements) }
            return bytes
        }
    }
}
