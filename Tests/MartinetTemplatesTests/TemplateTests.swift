import MartinetTemplates
import Testing

@Suite struct TemplateTests {
    private func render(_ template: String, _ data: TemplateData = .null) throws -> String {
        try Template(template).render(data).text
    }

    @Test func defaultRulesSeeNamesAndLabels() throws {
        let data = TemplateData.structure(
            type: "container", fields: ["Name": .string("a_b.c"), "Labels": .texts(["x.y": "z"])])
        #expect(try render("Host(`{{ normalize .Name }}`)", data) == "Host(`a-b-c`)")
        #expect(try render("{{ index .Labels \"x.y\" }}{{ index .Labels \"none\" }}", data) == "z")
        #expect(try render("{{ .Labels.none }}", data) == "<no value>")
        #expect(throws: TemplateError.self) { try render("{{ .Other }}", data) }
    }

    @Test(arguments: [
        ("a\n  {{ foo }}", 2, 6), ("{{ upper 3 }}", 1, 10), ("\n\n{{ if }}", 3, 7), ("{{ `a\nb` }}{{ .x", 2, 6),
        ("a\n{{ range until 2 }}\n{{ fail \"x\" }}{{ end }}", 3, 4),
    ])
    func errorsNameLineAndColumn(_ template: String, _ line: Int, _ column: Int) {
        let error = #expect(throws: TemplateError.self) { try render(template, .bool(false)) }
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test func linesOfTheTextKnowWhereTheyComeFrom() throws {
        let rendered = try Template("a:\n{{- range until 3 }}\n  b{{ . }}: 1\n{{- end }}\nc: 2\n").render()
        #expect(rendered.text == "a:\n  b0: 1\n  b1: 1\n  b2: 1\nc: 2\n")
        #expect((1...5).map(rendered.origin) == [1, 3, 3, 3, 5])
    }

    @Test(arguments: [
        "{{ range until 2000000000 }}{{ end }}", "{{ repeat 2000000000 \"abc\" }}",
        "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" }}",
        "{{ $x := \"aaaaaaaaaa\" }}{{ range until 60 }}{{ $x = print $x $x }}{{ end }}",
        "{{ $x := list }}{{ range until 1000 }}{{ $x = list $x }}{{ end }}",
        "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ $d }}", "{{ range 9000000000000 }}{{ end }}",
        "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ toJson $d }}",
        "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ deepCopy $d }}",
    ])
    func hostileTemplatesEndInAnError(_ template: String) {
        var limits = TemplateLimits()
        limits.steps = 200_000
        limits.allocation = 16 << 20
        #expect(throws: TemplateError.self) { try Template(template).render(limits: limits) }
    }

    @Test func deepNestingIsRefused() {
        #expect(throws: TemplateError.self) {
            try render("{{ " + String(repeating: "(", count: 100_000) + "1")
        }
        #expect(throws: TemplateError.self) { try render(String(repeating: "{{ if 1 }}", count: 100_000)) }
        #expect(throws: TemplateError.self) {
            try render("{{ if 1 }}" + String(repeating: "{{ else if 1 }}", count: 100_000) + "{{ end }}")
        }
    }

    @Test func whatIsLeftOutSaysWhatToDo() {
        let error = #expect(throws: TemplateError.self) { try render("{{ genPrivateKey \"rsa\" }}") }
        #expect(error?.remedy?.contains("name files") == true)
        let typo = #expect(throws: TemplateError.self) { try render("{{ uper \"a\" }}") }
        #expect(typo?.remedy == "did you mean upper?")
    }
}
