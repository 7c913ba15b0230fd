/// What becomes of a connection whose ClientHello was read.
package enum TLSDecision: Sendable {
    /// Go on with ``ServerTLSPolicy/makeHandler(for:noting:)``; the policy is to be remembered with the connection.
    case serve(ServerTLSPolicy, TLSCertificate)
    /// Send ``TLSAlert/record``, then close.
    case refuse(TLSAlert)
    /// Close without a word: the options of this host are broken.
    case close
}
