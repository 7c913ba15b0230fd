import MartinetConfig
import Testing

/// Text on which the TOML library would end the process.
@Suite struct TOMLPrecheckTests {
    @Test(arguments: [
        ("a = 1\n[%]", 2), ("[[ ]", 1), ("x = '''\n'''\n[.a]", 3),
        ("a = [}", 1), ("a = [1,\n}", 2), ("a = [1, \u{85}2]", 1), ("a = [\u{2028}]", 1),
        ("a = 1979-05-27T", 1), ("a = 1979-05-27Tx", 1), ("a = 1979-05-27t\u{1E}06:32:00Z", 1),
        ("\na = 1979-05-27 0\n", 2), ("a = [1979-05-27 1]", 1), ("a = [1, 1979-05-27T]", 1),
        ("a = { b = 1979-05-27T }", 1), ("a = 1979-05-2x 1\n", 1), ("a = 19_79-05-27 1\n", 1),
        ("a = \"\"\"\n\"\"\"\nb = [ # [\n}]", 4),
    ])
    func whatWouldEndTheProcessIsReportedWithItsLine(_ text: String, _ line: Int) {
        do {
            _ = try parseDocument(text, format: .toml, file: "a.toml")
            Issue.record("accepted")
        } catch {
            #expect(error.diagnostic.position?.line == line)
        }
    }

    @Test(arguments: [
        "a = 1979-05-27", "a = 1979-05-27 # 1", "a = [1979-05-27, 1979-05-27T06:32:00Z , 1979-05-27 06:32:00]",
        "1979-05-27T = 1", "a = { 1979-05-27T = 1, 1979-05-27Tx = 2 }", "a = \"[}\" # = [}", "a = '''\n[%]'''",
        "a = [ { b = [] },\n # }\n [ ], ]", "[a.\"%\"]\n[[ b ]]", "a = { b = '}' }",
    ])
    func whatOnlyLooksLikeItIsAccepted(_ text: String) throws {
        _ = try parseDocument(text, format: .toml, file: "a.toml")
    }
}
