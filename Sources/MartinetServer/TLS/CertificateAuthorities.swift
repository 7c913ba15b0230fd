import NIOSSL

/// Reading `caFiles` and `rootCAs`.
enum CertificateAuthorities {
    /// What the values hold together, and a digest that stands for it.
    struct Bundle: Sendable {
        var certificates: [NIOSSLCertificate] = []
        var digest: [UInt8] = []
    }

    /// - Throws: when any value is missing, unreadable or holds no certificate. Traefik leaves missing root authorities of servers
    ///   transports out; here whoever names them is refused, since the rest may be less than was meant.
    static func read(_ values: [String], noting files: inout WatchedFiles) throws(TLSFailure) -> Bundle {
        var bundle = Bundle()
        var failure: TLSFailure?
        for value in values {
            do throws(TLSFailure) {
                // All of them, even after a failure: each file is to be watched.
                let bytes = try FileOrContent.read(value, noting: &files)
                bundle.certificates += try TLSCertificate.chain(bytes, label: FileOrContent.label(value))
                bundle.digest = WatchedFiles.digest(bundle.digest + WatchedFiles.digest(bytes))
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure.wrapped("invalid certificate(s) content: ") }
        return bundle
    }
}
