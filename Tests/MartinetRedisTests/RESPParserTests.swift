import NIOCore
import Testing

@testable import MartinetRedis

@Suite struct RESPParserTests {
    private func answers(_ text: String, piece: Int = .max, _ limits: RESPLimits = RESPLimits()) throws -> [RESPValue] {
        var parser = RESPParser(limits: limits)
        var buffer = ByteBuffer()
        var answers: [RESPValue] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            buffer.writeBytes(rest.prefix(piece))
            rest = rest.dropFirst(piece)
            while let value = try parser.next(&buffer) { answers.append(value) }
        }
        return answers
    }

    private static func string(_ text: String) -> RESPValue { .string(ByteBuffer(string: text)) }

    private static let values: [(String, [RESPValue])] = [
        ("+OK\r\n", [string("OK")]),
        ("+\r\n", [string("")]),
        ("-ERR no\r\n", [.error("ERR no")]),
        (":12\r\n:-3\r\n:+4\r\n:0\r\n", [.integer(12), .integer(-3), .integer(4), .integer(0)]),
        (":9223372036854775807\r\n:-9223372036854775808\r\n", [.integer(.max), .integer(.min)]),
        ("$5\r\nhello\r\n", [string("hello")]),
        ("$0\r\n\r\n", [string("")]),
        ("$4\r\n\r\n\r\n\r\n", [string("\r\n\r\n")]),
        ("$-1\r\n*-1\r\n_\r\n", [.null, .null, .null]),
        ("*2\r\n:1\r\n$1\r\na\r\n", [.array([.integer(1), string("a")])]),
        ("*0\r\n%0\r\n~0\r\n", [.array([]), .map([]), .array([])]),
        ("*2\r\n*1\r\n:1\r\n*0\r\n", [.array([.array([.integer(1)]), .array([])])]),
        ("%1\r\n+a\r\n:1\r\n", [.map([string("a"), .integer(1)])]),
        ("~2\r\n:1\r\n:2\r\n", [.array([.integer(1), .integer(2)])]),
        (">2\r\n+message\r\n:1\r\n:2\r\n", [.push([string("message"), .integer(1)]), .integer(2)]),
        ("|1\r\n+ttl\r\n:3\r\n:5\r\n", [.integer(5)]),
        ("*1\r\n|1\r\n+ttl\r\n:3\r\n:5\r\n", [.array([.integer(5)])]),
        ("|0\r\n:5\r\n", [.integer(5)]),
        ("#t\r\n#f\r\n", [.boolean(true), .boolean(false)]),
        (",1.5\r\n,inf\r\n,-inf\r\n", [.double(1.5), .double(.infinity), .double(-.infinity)]),
        ("(123456789012345678901234567890\r\n", [string("123456789012345678901234567890")]),
        ("=7\r\ntxt:abc\r\n", [string("abc")]),
        ("!6\r\nERR no\r\n", [.error("ERR no")]),
        ("+half", []),
        ("$5\r\nhel", []),
        ("*2\r\n:1\r\n", []),
    ]

    @Test(arguments: values, [1, 2, 3, .max])
    func readsWhatServersSay(_ row: (String, [RESPValue]), _ piece: Int) throws {
        #expect(try answers(row.0, piece: piece) == row.1)
    }

    private static let faults: [(String, RESPError)] = [
        ("HTTP/1.1 400 Bad Request\r\n", .unknownType(UInt8(ascii: "H"))),
        ("\r\n", .malformedLine),
        ("+a\n", .malformedLine),
        ("+a\rb\r\n", .malformedLine),
        ("\n", .malformedLine),
        (":\r\n", .malformedNumber),
        (":1a\r\n", .malformedNumber),
        (":9223372036854775808\r\n", .malformedNumber),
        (":-\r\n", .malformedNumber),
        (",x\r\n", .malformedNumber),
        ("#x\r\n", .malformedLine),
        ("_x\r\n", .malformedLine),
        ("$x\r\n", .malformedLength),
        ("$-2\r\n", .malformedLength),
        ("=-1\r\n", .malformedLength),
        ("*-2\r\n", .malformedLength),
        ("%-1\r\n", .malformedLength),
        ("$?\r\n", .malformedLength),
        ("$1\r\nabc", .malformedLine),
        ("=3\r\nabc\r\n", .malformedLine),
        ("$9223372036854775807\r\n", .tooLong),
        ("*9223372036854775807\r\n", .tooManyElements),
        ("%4611686018427387904\r\n", .tooManyElements),
    ]

    @Test(arguments: faults, [1, .max])
    func refusesWhatIsNoRESP(_ row: (String, RESPError), _ piece: Int) {
        #expect(throws: row.1) { try answers(row.0, piece: piece) }
    }

    private static let excesses: [(String, RESPError)] = [
        ("$33\r\n", .tooLong),
        ("+" + String(repeating: "a", count: 20) + "\r\n", .tooLong),
        ("+" + String(repeating: "a", count: 20), .tooLong),
        ("*2\r\n$20\r\n" + String(repeating: "a", count: 20) + "\r\n$20\r\n", .tooLong),
        ("*5\r\n", .tooManyElements),
        ("*2\r\n:1\r\n*2\r\n", .tooManyElements),
        ("*1\r\n*1\r\n*1\r\n", .tooDeep),
    ]

    @Test(arguments: excesses, [1, .max])
    func keepsItsLimits(_ row: (String, RESPError), _ piece: Int) {
        var limits = RESPLimits()
        limits.bytes = 32
        limits.line = 16
        limits.elements = 4
        limits.depth = 2
        #expect(throws: row.1) { try answers(row.0, piece: piece, limits) }
    }

    @Test func limitsAreThoseOfOneAnswer() throws {
        var limits = RESPLimits()
        limits.bytes = 32
        limits.elements = 2
        let text = String(repeating: "*1\r\n$10\r\n0123456789\r\n", count: 50)
        #expect(try answers(text, limits).count == 50)
    }
}
