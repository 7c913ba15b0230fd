import MartinetHTTP
import NIOCore

/// What must hold for every conversation over HTTP/2, whatever the peer and our own side do: what a script makes of the input. Its
/// frames reach states that changed bytes do not: half-closed streams with trailers to come, windows that shrink below zero, answers
/// that wait while the connection is being shut down.
enum HTTP2ConversationInvariants {
    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        var script = HTTP2Script(input)
        let kind = script.byte()
        let role = kind & 1 == 0 ? HTTP2Role.server : .client
        let conversation = try HTTP2Conversation(role, limits(role, kind), seed: input)
        while !script.isOver { try conversation.act(&script) }
        try conversation.finish()
    }

    /// Small limits, so that a short script reaches them, or budgets that a long one does not use up.
    private static func limits(_ role: HTTP2Role, _ kind: UInt8) -> HTTP2Limits {
        var limits = role == .server ? HTTP2Limits() : .backend
        limits.allowsConnectProtocol = kind & 2 != 0
        if kind & 4 != 0 {
            limits.maxConcurrentStreams = 3
            limits.streamWindow = 2000
            limits.connectionWindow = 70000
            limits.maxHeaderListBytes = 600
            limits.maxFields = 8
            limits.decoderTableSize = 100
            limits.encoderTableSize = 64
            limits.maxContinuations = 2
        }
        if kind & 8 != 0 {
            limits.initialStreamWindow = 10
        }
        if kind & 16 != 0 {
            let plenty = HTTP2Limits.Budget(burst: 1_000_000, nanosecondsPerToken: 1)
            limits.resets = plenty
            limits.controlFrames = plenty
            limits.windowUpdates = plenty
            limits.tinyData = plenty
        }
        return limits
    }
}
