import NIOCore

#if canImport(Glibc)
import Glibc
#endif

/// Keeps new connections off a listening socket that is about to be closed, while others share its port.
///
/// Closing such a socket resets what stands in its queue and what is in the middle of a handshake. A filter on the socket drops SYN
/// packets instead: clients send them again a second later, when the kernel knows the other listeners only. Handshakes under way
/// complete, and are accepted. (The alternative is the sysctl `net.ipv4.tcp_migrate_req`, which only the administrator can set.)
enum NewConnectionFilter {
    /// How long handshakes under way get to complete: a slow round trip.
    static let patience = TimeAmount.milliseconds(250)

    /// An instruction of the kernel's packet filter language (`struct sock_filter`).
    private struct Instruction {
        var code: UInt16
        var jumpIfTrue: UInt8 = 0
        var jumpIfFalse: UInt8 = 0
        var operand: UInt32
    }

    /// `struct sock_fprog`.
    private struct Program {
        var count: UInt16
        var instructions: UnsafePointer<Instruction>?
    }

    /// Returns whether the filter is in place.
    static func attach(to descriptor: CInt) -> Bool {
        #if os(Linux)
        let program = [
            // The packet begins with the TCP header; its flags are byte 13 (RFC 9293 §3.1).
            Instruction(code: 0x30, operand: 13),
            Instruction(code: 0x54, operand: 0x12),
            // SYN without ACK is dropped, everything else passes.
            Instruction(code: 0x15, jumpIfFalse: 1, operand: 0x02),
            Instruction(code: 0x06, operand: 0),
            Instruction(code: 0x06, operand: .max),
        ]
        return program.withUnsafeBufferPointer { instructions in
            var filter = Program(count: UInt16(instructions.count), instructions: instructions.baseAddress)
            return setsockopt(
                descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, socklen_t(MemoryLayout<Program>.size)) == 0
        }
        #else
        return false
        #endif
    }
}
