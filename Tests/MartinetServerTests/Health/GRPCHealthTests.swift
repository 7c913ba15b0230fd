import MartinetCore
import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetServer

@Suite struct GRPCHealthTests {
    @Test(
        arguments: [
            ([0, 0, 0, 0, 2, 8, 1], 1), ([0, 0, 0, 0, 0], 0), ([0, 0, 0, 0, 2, 8, 2], 2),
            // Unknown fields of each wire type are passed over.
            ([0, 0, 0, 0, 6, 18, 2, 65, 66, 8, 1], 1), ([0, 0, 0, 0, 7, 29, 1, 2, 3, 4, 8, 1], 1),
            ([1, 0, 0, 0, 2, 8, 1], nil), ([0, 0, 0, 0, 3, 8, 1], nil), ([0, 0, 0, 0, 1, 8], nil), ([0, 0], nil),
            ([], nil),
            ([0, 0, 0, 0, 2, 18, 127], nil), ([0, 0, 0, 0, 2, 11, 1], nil),
            ([0, 0, 0, 0, 11, 8] + [UInt8](repeating: 0xFF, count: 10), nil),
        ] as [([UInt8], UInt64?)])
    func readsTheStatusOfAMessage(bytes: [UInt8], status: UInt64?) {
        #expect(GRPCHealth.servingStatus(ByteBuffer(bytes: bytes)) == status)
    }

    @Test(
        arguments: [
            (200, "0", [0, 0, 0, 0, 2, 8, 1], nil),
            (200, "0", [0, 0, 0, 0, 2, 8, 2], "received gRPC status code: 2"),
            (200, "12", [], "gRPC server does not implement the health protocol"),
            (200, "5", [], "gRPC health check failed with status 5"),
            (200, nil, [0, 0, 0, 0, 2, 8, 1], "the answer has no gRPC status"),
            (404, nil, [], "received HTTP status code: 404"),
        ] as [(UInt16, String?, [UInt8], String?)])
    func onlyServingIsWell(status: UInt16, grpc: String?, body: [UInt8], problem: String?) {
        for inTrailers in [true, false] {
            var head = ResponseHead()
            head.status = status
            var fields = HeaderBlock()
            if let grpc {
                if inTrailers { fields.add(.grpcStatus, grpc) } else { head.headers.add(.grpcStatus, grpc) }
            }
            let answer = Subresponse(head: head, body: ByteBuffer(bytes: body), trailers: TrailerSection(fields))
            #expect(GRPCHealth.problem(in: answer) == problem)
        }
    }
}
