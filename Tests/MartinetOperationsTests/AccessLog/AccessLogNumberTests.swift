import NIOCore
import Testing

@testable import MartinetOperations

@Suite struct AccessLogNumberTests {
    @Test(arguments: [0, 7, 9, 10, 99, 100, 1_234_567_890, .max - 1, .max] as [UInt64])
    func decimals(number: UInt64) {
        var out = ByteBuffer()
        out.writeDecimal(number)
        #expect(String(buffer: out) == "\(number)")
    }

    @Test(arguments: [
        0.1, 1.0 / 3, 1e-9, 123_456_789.123_456_79, 1e15, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
    ])
    func fractionsReadBackAsTheSameNumber(number: Double) throws {
        var out = ByteBuffer()
        out.writeJSONNumber(number)
        #expect(try #require(Double(String(buffer: out))) == number)
    }
}
