import MartinetCore
import NIOCore
import Testing

@Suite struct RegularExpressionTests {
    @Test(arguments: [
        ("a(b)?", "xab", true), ("^a", "ba", false), ("", "", true), ("(?i)ABC", "xabcx", true),
        ("(?P<n>x)", "x", true),
        ("(?<n>x)", "x", true), ("[(?<]", "<", true), ("\\(?<a", "<a", true), ("\\Q(?<x>\\E", "(?<x>", true),
        ("[]a]", "]", true),
    ])
    func matches(pattern: String, text: String, expected: Bool) throws {
        #expect(try RegularExpression(pattern).matches(text) == expected)
    }

    @Test(arguments: [
        ("(", "missing )"), ("[", "missing ]"), ("a**", "bad repetition"), ("(?=a)", "invalid perl operator"),
        ("(a)\\1", "invalid escape sequence"), ("a{1001}", "invalid repetition size"),
        ("((a{100}){100}){100}", "invalid repetition size"),
    ])
    func saysWhyAPatternIsRefused(pattern: String, says: String) throws {
        let error = try #require(throws: RegularExpressionError.self) { try RegularExpression(pattern) }
        #expect(error.reason.contains(says), "\(error)")
    }

    @Test(arguments: [
        ("a(x*)b", "-ab-axxb-", "$1", "--xx-"), ("a(x*)b", "-ab-axxb-", "$1W", "---"),
        ("a(x*)b", "-ab-axxb-", "${1}W", "-W-xxW-"),
        ("(?P<first>\\w+) (?P<last>\\w+)", "a b", "$last, ${first}$$", "b, a$"),
        ("x*", "abc", "-", "-a-b-c-"), ("a*", "baac", "x", "xbxcx"), ("b", "abc", "$", "a$c"),
        ("b", "abc", "${", "a${c"),
        ("b", "abc", "${1", "a${1c"), ("b", "abc", "$9", "ac"), ("b", "abc", "$0$0", "abbc"), ("^", "abc", "x", "xabc"),
        ("^/api(.*)", "/api/v1", "$1", "/v1"), ("ü*", "aüb", "-", "-a-b-"), ("z", "abc", "x", "abc"),
        ("(a)|(b)", "ab", "[$1$2]", "[a][b]"),
        ("^a", "aaa", "", "aa"), ("x*", "", "-", "-"), ("b", "abc", "$01", "ac"),
    ])
    func replacesAsGoDoes(pattern: String, text: String, template: String, expected: String) throws {
        let expression = try RegularExpression(pattern)
        #expect(expression.replaceAll(in: text, with: ReplacementTemplate(template, for: expression)) == expected)
    }

    @Test func findsGroups() throws {
        let expression = try RegularExpression("(a)(x)?(b)")
        let subject = Array("--ab".utf8)
        let match = try #require(subject.withUnsafeBytes { expression.firstMatch(in: $0) })
        #expect(match.range == 2..<4)
        #expect(match.groups == [2..<4, 2..<3, nil, 3..<4])
        #expect(subject.withUnsafeBytes { expression.firstMatch(in: $0, from: 3) } == nil)
    }

    /// A byte that is no UTF-8 counts as one character, as in Go.
    @Test func bytesOutsideUTF8AreCharacters() throws {
        let subject: [UInt8] = Array("/a".utf8) + [0xFF, 0xC3] + Array("/b".utf8)
        #expect(try subject.withUnsafeBytes { try RegularExpression("^/a.{2}/b$").matches($0) })
        let expression = try RegularExpression("^/a(.)(.*)$")
        let match = try #require(subject.withUnsafeBytes { expression.firstMatch(in: $0) })
        #expect(match.groups == [0..<6, 2..<3, 3..<6])
        var out = ByteBuffer()
        let template = ReplacementTemplate("<$2|$1>", for: expression)
        #expect(subject.withUnsafeBytes { expression.replaceAll(in: $0, with: template, into: &out) })
        #expect(Array(buffer: out) == [0x3C, 0xC3, 0x2F, 0x62, 0x7C, 0xFF, 0x3E])
    }

    /// Replacing agrees with the text itself whatever the bytes: each byte by itself gives the text back.
    @Test func replacingSurvivesAnyBytes() throws {
        var random = SeededGenerator(seed: 11)
        let expression = try RegularExpression("(?s)(.?)")
        let template = ReplacementTemplate("$1", for: expression)
        for _ in 0..<500 {
            let subject = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                [0x61, 0x80, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xED, 0xA0, 0xF0, 0xFF].randomElement(using: &random)
                    ?? UInt8(0)
            }
            var out = ByteBuffer()
            subject.withUnsafeBytes { _ = expression.replaceAll(in: $0, with: template, into: &out) }
            #expect(Array(buffer: out) == subject)
        }
    }

    /// Patterns that keep backtracking engines busy for years.
    @Test(arguments: ["(a+)+$", "^(a+)+$", "(?:a|aa)+$", "(.*a){20}$", "(x+x+)+y"])
    func isLinearOnHostilePatterns(pattern: String) throws {
        let subject = String(repeating: "a", count: 50_000) + "!"
        let expression = try RegularExpression(pattern)
        let elapsed = ContinuousClock().measure { #expect(!expression.matches(subject)) }
        #expect(elapsed < .milliseconds(500))
    }
}
