import MartinetCore
import Testing

@Suite struct StatusSetTests {
    @Test(
        arguments: [
            (["500-599"], [500, 599], [499, 600, 200]),
            (["404", "500-502"], [404, 501], [403, 405, 503]),
            (["502-500"], [], [500, 501, 502]),
            ([], [], [200]),
        ] as [([String], [UInt16], [UInt16])])
    func readsStatusesAndRanges(texts: [String], inside: [UInt16], outside: [UInt16]) throws {
        let ranges = try StatusSet(texts)
        #expect(inside.allSatisfy(ranges.contains))
        #expect(!outside.contains(where: ranges.contains))
    }

    @Test(arguments: ["", "abc", "5xx", "500-", "-500", "500-501-502", "70000"])
    func refusesOtherTexts(text: String) {
        #expect(throws: InvalidStatus(text: text)) { try StatusSet([text]) }
    }
}
