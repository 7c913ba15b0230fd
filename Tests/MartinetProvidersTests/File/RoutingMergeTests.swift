import MartinetConfig
import MartinetProviders
import Testing

struct RoutingMergeTests {
    private func part(_ file: String, _ names: [String], rule: String = "a") -> RoutingMerge.Part {
        var routing = DecodedRouting()
        for name in names {
            var router = HTTPRouterOptions()
            router.rule = rule
            routing.configuration.http.routers[name] = Boxed(router)
            routing.positions["http.routers." + name] = SourcePosition(file: file, line: 1)
        }
        return RoutingMerge.Part(file: file, routing: routing)
    }

    @Test func takesTheFirstOfTwoWithTheSameNameAndNamesBothFiles() {
        var merge = RoutingMerge()
        let parts = [part("1.yml", ["a", "b"], rule: "first"), part("2.yml", ["b", "c"], rule: "second")]
        merge.update(parts, changed: [])
        let routers = merge.result.configuration.http.routers
        #expect(routers.mapValues(\.rule) == ["a": "first", "b": "first", "c": "second"])
        #expect(
            merge.result.problems.map(\.description) == [
                "2.yml:1: http.routers.b: is defined in 1.yml already; the definition in 2.yml is ignored; "
                    + "rename or remove one of them"
            ]
        )
    }

    @Test func aBrokenObjectCountsAsDefined() {
        var broken = RoutingMerge.Part(file: "1.yml", routing: DecodedRouting())
        broken.routing.broken["http.routers.a"] = [Diagnostic(path: "http.routers.a", reason: "unknown option")]
        var merge = RoutingMerge()
        merge.update([broken, part("2.yml", ["a"])], changed: [])
        #expect(merge.result.configuration.http.routers.isEmpty)
        #expect(merge.result.problems.count == 1)
    }

    @Test func countsCertificatesOverAllFiles() {
        var part = RoutingMerge.Part(file: "1.yml", routing: DecodedRouting())
        part.routing.configuration.tls.certificates = [TLSCertificateOptions(), TLSCertificateOptions()]
        for index in 0..<2 { part.routing.positions["tls.certificates[\(index)]"] = SourcePosition(file: "1.yml") }
        var merge = RoutingMerge()
        merge.update([part, RoutingMerge.Part(file: "2.yml", routing: part.routing)], changed: [])
        #expect(merge.result.configuration.tls.certificates.count == 4)
        #expect(merge.result.positions.keys.sorted() == (0..<4).map { "tls.certificates[\($0)]" })
        #expect(merge.result.problems.isEmpty)
    }

    /// A change in place must leave the same as merging everything anew.
    @Test(arguments: [["x", "y"], [], ["2-0"], ["2-0", "x"]])
    func changingOneOfManyEqualsMergingAll(names: [String]) {
        var parts = (0..<8).map { file in part("\(file).yml", (0..<4).map { "\(file)-\($0)" }) }
        var merge = RoutingMerge()
        merge.update(parts, changed: [])
        parts[1] = part("1.yml", names, rule: "new")
        merge.update(parts, changed: ["1.yml"])
        var anew = RoutingMerge()
        anew.update(parts, changed: [])
        #expect(merge.result == anew.result)

        parts[1] = part("1.yml", ["1-0"])
        merge.update(parts, changed: ["1.yml"])
        anew.update(parts, changed: Set(parts.map(\.file)))
        #expect(merge.result == anew.result)
    }
}
