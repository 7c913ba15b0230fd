import MartinetCore
import MartinetHTTP
import MartinetOperations
import NIOCore
import Testing

@Suite struct PingTests {
    private func exchange() -> Exchange {
        Exchange(
            connection: ConnectionInfo(
                peer: IPAddress(v4: 0x7F00_0001), peerPort: 1, entryPoint: "web", localPort: 80, isTLS: false))
    }

    @Test func answersUntilToldToStop() {
        let ping = PingHandler(terminatingStatus: 503)
        let exchange = exchange()
        _ = ping.serve(exchange)
        #expect(exchange.response.status == 200)
        #expect(String(buffer: exchange.localBody) == "OK")
        ping.terminate()
        _ = ping.serve(exchange)
        #expect(exchange.response.status == 503)
    }
}
