import MartinetCore
import MartinetHTTP
import NIOCore

/// The health service of gRPC, as far as one question needs it: `Check` with an empty request, and its answer.
enum GRPCHealth {
    static let target = "/grpc.health.v1.Health/Check"
    static let serving: UInt64 = 1

    /// An empty message behind its prefix: not compressed, length 0.
    static var question: ByteBuffer { ByteBuffer(bytes: [0, 0, 0, 0, 0]) }

    /// Why the answer does not mean SERVING; nil when it does.
    static func problem(in answer: Subresponse) -> String? {
        guard answer.head.status == 200 else { return "received HTTP status code: \(answer.head.status)" }
        let status = answer.trailers?.fields.string(.grpcStatus) ?? answer.head.headers.string(.grpcStatus)
        switch status {
        case "0": break
        case "12": return "gRPC server does not implement the health protocol"
        case let status?: return "gRPC health check failed with status \(status.prefix(16))"
        case nil: return "the answer has no gRPC status"
        }
        guard let state = servingStatus(answer.body) else { return "the answer is no HealthCheckResponse" }
        return state == serving ? nil : "received gRPC status code: \(state)"
    }

    /// Field 1 of the message; 0 (UNKNOWN) when it is left out. Nil for what is no message.
    static func servingStatus(_ body: ByteBuffer) -> UInt64? {
        var body = body
        guard let compressed: UInt8 = body.readInteger(), compressed == 0, let length: UInt32 = body.readInteger(),
            length == body.readableBytes
        else { return nil }
        var status: UInt64 = 0
        while body.readableBytes > 0 {
            guard let key = varint(&body) else { return nil }
            switch key & 7 {
            case 0:
                guard let value = varint(&body) else { return nil }
                if key >> 3 == 1 { status = value }
            case 1: guard body.readSlice(length: 8) != nil else { return nil }
            case 2:
                guard let count = varint(&body), count <= UInt64(body.readableBytes) else { return nil }
                body.moveReaderIndex(forwardBy: Int(count))
            case 5: guard body.readSlice(length: 4) != nil else { return nil }
            default: return nil
            }
        }
        return status
    }

    private static func varint(_ body: inout ByteBuffer) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte: UInt8 = body.readInteger() else { return nil }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        return nil
    }
}
