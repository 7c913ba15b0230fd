/// What is known of one open stream (RFC 9113 §5.1).
///
/// ```
///            HEADERS                    END_STREAM by peer
///   idle ───────────────► open ───────────────────────────► half-closed (remote)
///                          │                                     │ END_STREAM by us
///                          │ END_STREAM by us                    ▼
///                          └──────► half-closed (local) ──────► closed
///                                                                ▲
///            RST_STREAM by either side, from any state ──────────┘
/// ```
///
/// Idle streams are those above the last one opened, closed ones those below that are not in the table, so neither takes memory.
struct HTTP2Stream {
    var id: HTTP2StreamID
    /// We, the peer, sent END_STREAM.
    var localEnded = false
    var remoteEnded = false
    /// The final head came.
    var headReceived = false
    /// What the peer still sends is dropped: the request was refused with a status.
    var isDiscarding = false
    /// A tunnel by extended CONNECT: the answer 101 is written as 200 (RFC 8441 §4).
    var isExtendedConnect = false
    /// Sending waited for the peer's window.
    var waitsForWindow = false
    /// The request's method, in the client's role.
    var method = HTTPMethod.get
    /// Bytes we may send; negative after the peer made its initial window smaller (§6.9.2).
    var sendWindow: Int
    /// The most bytes the peer has let us send at once.
    var largestSendWindow: Int
    /// Bytes the peer may send.
    var receiveWindow: Int
    /// Bytes handed on and not consumed yet.
    var unconsumed = 0
    /// Bytes consumed that no WINDOW_UPDATE has given back yet.
    var credit = 0
    /// Bytes that the peer may send ahead of what was consumed; grows as it is consumed.
    var receiveSpan: Int
    /// Bytes that Content-Length still promises; negative for no promise.
    var bodyLeft: Int64 = -1

    init(id: HTTP2StreamID, sendWindow: Int, receiveWindow: Int) {
        self.id = id
        self.sendWindow = sendWindow
        largestSendWindow = sendWindow
        self.receiveWindow = receiveWindow
        receiveSpan = receiveWindow
    }

    var isClosed: Bool { localEnded && remoteEnded }

    /// Sends fewer than so many bytes only when there are no more of them: half of what the peer ever let us send, 4 KiB at most.
    /// A peer that gives back each frame by itself would otherwise get smaller and smaller ones (RFC 1122 §4.2.3.4 is the same for
    /// TCP).
    var leastPiece: Int { min(HTTP2Session.leastPiece, largestSendWindow / 2) }
}
