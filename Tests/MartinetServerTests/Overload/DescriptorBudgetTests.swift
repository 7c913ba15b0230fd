import Testing

@testable import MartinetServer

@Suite struct DescriptorBudgetTests {
    /// Limit, own descriptors, clients, connections.
    @Test(arguments: [
        (1024, 24, 484, 968), (256, 24, 100, 200), (64, 24, 15, 30), (1_048_576, 40, 524_252, 1_048_504),
        (16, 24, 1, 2), (0, 0, 1, 2),
    ])
    func divides(limit: Int, own: Int, clients: Int, connections: Int) {
        let budget = DescriptorBudget(limit: limit, own: own)
        #expect(budget.clients == clients)
        #expect(budget.connections == connections)
    }

    @Test func theProcessHasOne() {
        #expect(DescriptorBudget.ofProcess(coming: 3).clients > 0)
    }
}
