import NIOCore
import Testing

@testable import MartinetOperations

@Suite struct AccessLogClockTests {
    private func start(_ wall: Int64) -> String {
        var clock = AccessLogClock()
        var out = ByteBuffer()
        clock.writeStart(wall, local: false, to: &out)
        return String(buffer: out)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.000000001Z"),
            (1_795_230_245_500_000_000, "2026-11-21T03:04:05.5Z"),
            (1_795_230_245_999_999_999, "2026-11-21T03:04:05.999999999Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
        ] as [(Int64, String)])
    func zerosAtTheEndOfTheFractionAreLeftOut(wall: Int64, text: String) {
        #expect(start(wall) == text)
    }

    @Test func oneClockServesSecondAfterSecond() {
        var clock = AccessLogClock()
        var out = ByteBuffer()
        for wall in [Int64(1_000_000_000), 1_000_000_000, 2_500_000_000, 1_000_000_000] {
            clock.writeCommon(wall, local: false, to: &out)
            out.writeString(";")
        }
        #expect(
            String(buffer: out) == "01/Jan/1970:00:00:01 +0000;01/Jan/1970:00:00:01 +0000;"
                + "01/Jan/1970:00:00:02 +0000;01/Jan/1970:00:00:01 +0000;")
    }
}
