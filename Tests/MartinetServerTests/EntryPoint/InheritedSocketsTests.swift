import NIOCore
import NIOPosix
import Testing

@testable import MartinetServer

@Suite struct InheritedSocketsTests {
    private func sockets(_ fds: String, _ names: String, listening: Set<CInt> = [3, 4, 5]) -> InheritedSockets {
        InheritedSockets(
            environment: ["LISTEN_PID": "77", "LISTEN_FDS": fds, "LISTEN_FDNAMES": names], process: 77
        ) { listening.contains($0) }
    }

    @Test func namesAreThoseOfEntryPoints() {
        #expect(sockets("2", "web:websecure").listeners == ["web": 3, "websecure": 4])
    }

    @Test func aSocketWithoutANameIsCalledByItsNumber() {
        #expect(sockets("2", "web").listeners == ["web": 3, "LISTEN_FD_4": 4])
        #expect(sockets("2", ":b").listeners == ["LISTEN_FD_3": 3, "b": 4])
    }

    @Test func theFirstOfANameCounts() {
        let found = sockets("2", "web:web")
        #expect(found.listeners == ["web": 3])
        #expect(found.problems.count == 1)
    }

    @Test func whatDoesNotListenIsNotUsed() {
        let found = sockets("2", "web:dns", listening: [3])
        #expect(found.listeners == ["web": 3])
        #expect(found.problems.count == 1)
    }

    @Test(arguments: ["0", "-1", "x", "", "99999999999999999999", "100000"])
    func nonsenseIsNothing(_ count: String) {
        #expect(sockets(count, "web") == InheritedSockets(environment: [:], process: 1))
    }

    @Test func thoseOfAnotherProcessAreLeftAlone() {
        let found = InheritedSockets(environment: ["LISTEN_PID": "78", "LISTEN_FDS": "1"], process: 77) { _ in true }
        #expect(found.listeners.isEmpty)
    }
}
