import MartinetCore
import MartinetHTTP
import Testing

@Suite struct HopsTests {
    @Test(arguments: [
        ("1", 1), ("9", 9), ("10", 10), ("11", 10), ("99", 10), ("100", 10), ("", 10), ("-1", 10), ("x", 10),
    ])
    func valuesThatWeDidNotWriteAreTheGreatest(_ text: String, _ count: Int) {
        var headers = HeaderBlock()
        headers.add(name: "x-martinet-hops", value: text)
        #expect(Hops.taken(headers) == count)
    }

    @Test func withoutAHeaderThereWereNone() {
        #expect(Hops.taken(HeaderBlock()) == 0)
    }
}
