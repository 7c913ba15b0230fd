import MartinetServer
import NIOCore

/// What must hold for everything a connection may begin with: the answer does not depend on how it is cut into reads, it stays, and
/// a name that is found is one a certificate could have.
enum ClientHelloInvariants {
    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        var whole: ClientHelloReader.Step?
        for pieces in Fragments.ways(of: input) {
            let found = try read(pieces)
            if let whole {
                try requireEqual(found, whole, "the answer in \(pieces.count) pieces")
            } else {
                whole = found
            }
        }
        switch whole {
        case .hello(let hello): try mustBeClean(hello)
        case .needsMore: try require(input.count < ClientHelloReader.longest, "\(input.count) bytes are enough")
        case .notTLS: try require(input.first != 22, "a handshake record is TLS")
        case .refused, nil: break
        }
    }

    private static func read(_ pieces: [ArraySlice<UInt8>]) throws(BrokenInvariant) -> ClientHelloReader.Step {
        var reader = ClientHelloReader()
        var buffer = ByteBuffer()
        var step = ClientHelloReader.Step.needsMore
        for piece in pieces {
            buffer.writeBytes(piece)
            let next = reader.read(buffer)
            if step != .needsMore { try requireEqual(next, step, "an answer stays") }
            step = next
        }
        return step
    }

    private static func mustBeClean(_ hello: ClientHello) throws(BrokenInvariant) {
        if let name = hello.serverName {
            try require((1...255).contains(name.utf8.count), "a name has 1 to 255 bytes")
            try require(
                name.utf8.allSatisfy { isOfHostName($0) }, "a name has lower-case letters, digits, -, _ and dots")
            try require(!".\(name).".contains(".."), "no label of a name is empty")
        }
        if let protocols = hello.protocols {
            try require(!protocols.isEmpty && !protocols.contains(""), "no protocol is empty")
        }
    }

    private static func isOfHostName(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
    }
}
