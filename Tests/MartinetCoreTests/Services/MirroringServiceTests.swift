import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetCore

@Suite struct MirroringServiceTests {
    @Test(arguments: [0, 1, 10, 33, 50, 99, 100])
    func copiesTheShareAskedFor(percent: Int) {
        #expect((0..<100).count { MirroringService.copies($0, percent: percent) } == percent)
    }

    /// As Traefik counts: copy when the copies so far are fewer than the share of the requests so far, this one included.
    @Test(arguments: [1, 7, 10, 25, 33, 50, 66, 99])
    func copiesTheRequestsThatTraefikDoes(percent: Int) {
        var copied = 0
        for number in 0..<100 {
            let expected = copied * 100 < (number + 1) * percent
            if expected { copied += 1 }
            #expect(MirroringService.copies(number, percent: percent) == expected)
        }
    }

    @Test func aBudgetIsGivenBackWithTheCopy() {
        let budget = BodyBudget(limit: 10)
        do {
            let copy = RequestCopy(head: .init(), limit: nil, budget: budget)
            copy.append(.init(string: "12345678"))
            #expect(budget.used == 8)
            #expect(String(buffer: copy.body) == "12345678")
            copy.append(.init(string: "90!"))
            #expect(copy.isCutShort)
            #expect(budget.used == 0)
        }
        #expect(budget.reserve(10))
        #expect(!budget.reserve(1))
    }

    @Test func aCopyKeepsNoMoreThanItsLimit() {
        let copy = RequestCopy(head: .init(), limit: 3, budget: BodyBudget())
        copy.append(.init(string: "123"))
        #expect(!copy.isCutShort)
        copy.append(.init(string: "4"))
        #expect(copy.isCutShort)
    }

    @Test func aWholeBodyTakesThePlaceOfAPart() {
        let budget = BodyBudget(limit: 10)
        let copy = RequestCopy(head: .init(), limit: 8, budget: budget)
        copy.append(ByteBuffer(string: "abc"))
        copy.replace(with: ByteBuffer(string: "abcdefgh"))
        #expect(String(buffer: copy.body) == "abcdefgh")
        #expect(budget.used == 8)
        copy.replace(with: ByteBuffer(string: "abcdefghi"))
        #expect(copy.isCutShort)
        #expect(budget.used == 0)
        copy.replace(with: ByteBuffer(string: "ab"))
        #expect(!copy.isCutShort)
        #expect(String(buffer: copy.body) == "ab")
        copy.forget()
        #expect(copy.body.readableBytes == 0)
        #expect(budget.used == 0)
    }
}
