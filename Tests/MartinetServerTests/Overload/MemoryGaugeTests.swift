import Testing

@testable import MartinetServer

@Suite struct MemoryGaugeTests {
    @Test func readsTheKernelsFigures() throws {
        let figures = try #require(MemoryGauge.figures(Array("90210 4711 1024 512 0 7777 0\n".utf8)[...]))
        #expect(figures == (90210, 4711, 1024))
    }

    @Test(arguments: ["", "1 2", "a b c", "1 -x 3 4"])
    func toldNothingItSaysNothing(_ text: String) {
        #expect(MemoryGauge.figures(Array(text.utf8)[...]) == nil)
    }

    #if os(Linux)
    @Test func thisProcessUsesPartOfWhatItMay() throws {
        let gauge = try #require(MemoryGauge())
        #expect(gauge.limit > 0)
        #expect((0...100).contains(gauge.percent()))
    }
    #endif

    @Test func looksForLimitsInTheGroupAndAllAboveIt() {
        #expect(
            ControlGroup.limitFiles("0::/a/b\n") == [
                "/sys/fs/cgroup/a/b/memory.max", "/sys/fs/cgroup/a/memory.max", "/sys/fs/cgroup/memory.max",
            ])
        #expect(
            ControlGroup.limitFiles("12:cpu,cpuacct:/x\n4:memory:/docker\n") == [
                "/sys/fs/cgroup/memory/docker/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes",
            ])
        #expect(ControlGroup.limitFiles("0::/../x\nnonsense\n") == ["/sys/fs/cgroup/memory.max"])
    }

    @Test(arguments: [
        ("268435456\n", 268_435_456), ("max\n", nil), ("9223372036854771712\n", nil), ("0", nil), ("", nil),
    ])
    func readsALimit(_ text: String, _ bytes: Int?) {
        #expect(ControlGroup.bytes(text) == bytes)
    }
}
