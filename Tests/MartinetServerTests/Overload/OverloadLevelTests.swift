import Testing

@testable import MartinetServer

@Suite struct OverloadLevelTests {
    @Test(arguments: [
        (0, OverloadLevel.calm), (84, .calm), (85, .trimming), (91, .trimming), (92, .closing), (94, .closing),
        (95, .refusing), (97, .refusing), (98, .shut), (1000, .shut), (-5, .calm),
    ])
    func rises(to percent: Int, _ level: OverloadLevel) {
        #expect(OverloadLevel.calm.next(percent) == level)
    }

    /// Each level is left five points below where it is entered, and one may fall through several.
    @Test(arguments: [
        (OverloadLevel.trimming, 80, OverloadLevel.trimming), (.trimming, 79, .calm), (.closing, 87, .closing),
        (.closing, 86, .trimming), (.refusing, 90, .refusing), (.refusing, 89, .closing), (.shut, 93, .shut),
        (.shut, 92, .refusing), (.shut, 0, .calm), (.trimming, 98, .shut),
    ])
    func falls(from level: OverloadLevel, at percent: Int, to next: OverloadLevel) {
        #expect(level.next(percent) == next)
    }

    @Test func doesNotSwitchToAndFroAtAThreshold() {
        var level = OverloadLevel.calm
        var changes = 0
        for percent in [94, 95, 94, 95, 94, 95, 91, 95] {
            let next = level.next(percent)
            if next != level { changes += 1 }
            level = next
        }
        #expect(changes == 2)
    }
}
