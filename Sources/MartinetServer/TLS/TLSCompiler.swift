package import MartinetConfig

/// Makes a ``CompiledTLS`` of what the providers say. Reads files: not for event loops.
package struct TLSCompiler {
    /// The TLS section of one provider.
    package struct Input: Sendable, Equatable {
        package var provider: String
        package var options: TLSRoutingOptions

        package init(provider: String, options: TLSRoutingOptions) {
            self.provider = provider
            self.options = options
        }
    }

    private static let storeName = "default"
    /// Certificates with less time left, in seconds, are warned of: 30 days.
    private static let expiryNotice: Int64 = 30 * 24 * 3600

    /// Seconds since 1970.
    private let now: Int64
    private var known: [[UInt8]: TLSCertificate] = [:]
    private let previous: CompiledTLS?
    private var files = WatchedFiles()
    private var diagnostics: [Diagnostic] = []
    private var certificates: [TLSCertificate] = []
    private var givenDefault: TLSCertificate?
    private var policies: [String: ServerTLSPolicy] = [:]
    private var failures: [String: TLSFailure] = [:]

    /// Compiles `inputs`, in the order that decides between equal certificates.
    /// - Parameters:
    ///   - now: seconds since 1970, for what is said of expiry.
    ///   - previous: what is unchanged is taken from it, contexts and with them session tickets included.
    /// - Throws: only when no default certificate can be made, which says that the random source or the TLS library is broken.
    package static func compile(
        _ inputs: [Input], now: Int64, previous: CompiledTLS? = nil
    ) throws(TLSFailure) -> CompiledTLS {
        var compiler = TLSCompiler(now: now, previous: previous)
        compiler.takeStores(inputs)
        for input in inputs { compiler.takeCertificates(input) }
        compiler.takeOptions(inputs)
        return try compiler.finish()
    }

    private init(now: Int64, previous: CompiledTLS?) {
        self.now = now
        self.previous = previous
        for certificate in (previous?.store.certificates ?? []) + [previous?.store.fallback].compactMap({ $0 }) {
            known[certificate.digest] = certificate
        }
    }

    private func finish() throws(TLSFailure) -> CompiledTLS {
        var selfSigned = previous?.selfSigned
        if givenDefault == nil, selfSigned.map({ $0.notAfter - now < Self.expiryNotice }) ?? true {
            selfSigned = try SelfSignedCertificate.make(now: now)
        }
        guard let fallback = givenDefault ?? selfSigned else {
            throw TLSFailure("there is no default certificate")
        }
        let store = CertificateStore(certificates, fallback: fallback)
        let served = Set((certificates + [fallback]).map { ObjectIdentifier($0) })
        for policy in policies.values { policy.keepContexts(of: served) }
        return CompiledTLS(
            store: store, policies: policies, failures: failures, diagnostics: diagnostics, files: files,
            selfSigned: selfSigned)
    }

    // MARK: Certificates

    private mutating func takeCertificates(_ input: Input) {
        for (index, options) in input.options.certificates.enumerated() {
            let path = "tls.certificates[\(index)]@\(input.provider)"
            let others = options.stores.filter { $0 != Self.storeName }
            if !others.isEmpty {
                warn(
                    path, "stores \(others.joined(separator: ", ")): only the store \"default\" is served",
                    "remove them")
            }
            do throws(TLSFailure) {
                let certificate = try pair(options.certFile, options.keyFile, path: path)
                if !certificates.contains(where: { $0 === certificate }) { certificates.append(certificate) }
            } catch {
                report(path, error)
            }
        }
    }

    /// `stores.default` of the first provider that has one; Traefik drops it when there are several.
    private mutating func takeStores(_ inputs: [Input]) {
        for input in inputs {
            for (name, options) in input.options.stores.sorted(by: { $0.key < $1.key }) {
                let path = "tls.stores.\(name)@\(input.provider)"
                guard name == Self.storeName else {
                    warn(path, "only the store \"default\" is served", "move its certificate to stores.default")
                    continue
                }
                if options.defaultGeneratedCert != nil {
                    warn(path, "defaultGeneratedCert is not available in this version", "use defaultCertificate")
                }
                guard let files = options.defaultCertificate else { continue }
                guard givenDefault == nil else {
                    warn(path, "another provider has given the default certificate", "give it once")
                    continue
                }
                do throws(TLSFailure) {
                    givenDefault = try pair(files.certFile, files.keyFile, path: path)
                } catch {
                    report(path, error)
                }
            }
        }
    }

    /// Reads a pair, or takes the one that was read from the same bytes before.
    private mutating func pair(
        _ certFile: String, _ keyFile: String, path: String
    ) throws(TLSFailure) -> TLSCertificate {
        guard !certFile.isEmpty, !keyFile.isEmpty else {
            throw TLSFailure("certFile and keyFile are both required", remedy: "add the one that is missing")
        }
        // Both, even if the first is missing: each is to be watched.
        let certificateBytes = Result { () throws(TLSFailure) in try FileOrContent.read(certFile, noting: &files) }
        let keyBytes = Result { () throws(TLSFailure) in try FileOrContent.read(keyFile, noting: &files) }
        let found = (certificate: try certificateBytes.get(), key: try keyBytes.get())
        let digest = TLSCertificate.digest(certificate: found.certificate, key: found.key)
        let certificate: TLSCertificate
        if let old = known[digest] {
            certificate = old
        } else {
            certificate = try TLSCertificate(
                certificate: found.certificate, key: found.key, label: FileOrContent.label(certFile),
                keyLabel: FileOrContent.label(keyFile))
            known[digest] = certificate
        }
        noteExpiry(of: certificate, label: FileOrContent.label(certFile), path: path)
        return certificate
    }

    private mutating func noteExpiry(of certificate: TLSCertificate, label: String, path: String) {
        let left = certificate.notAfter - now
        guard left < Self.expiryNotice else { return }
        let day = CalendarDate(certificate.notAfter).description
        warn(path, left < 0 ? "\(label): expired on \(day)" : "\(label): expires on \(day)", "renew it")
    }

    // MARK: Options

    private mutating func takeOptions(_ inputs: [Input]) {
        var defaults: [String] = []
        for input in inputs {
            for (name, options) in input.options.options.sorted(by: { $0.key < $1.key }) {
                if name == ServerTLSPolicy.defaultName { defaults.append(input.provider) }
                take(options, as: TLSRouter.qualified(name, provider: input.provider))
            }
        }
        if defaults.isEmpty { take(TLSOptions(), as: ServerTLSPolicy.defaultName) }
        guard defaults.count > 1 else { return }
        // Either could be the weaker one.
        policies[ServerTLSPolicy.defaultName] = nil
        let failure = TLSFailure(
            "default TLS options defined by several providers: \(defaults.joined(separator: ", "))",
            remedy: "define them once")
        failures[ServerTLSPolicy.defaultName] = failure
        report("tls.options.default", failure)
    }

    private mutating func take(_ options: TLSOptions, as name: String) {
        let path = "tls.options.\(name)"
        do throws(TLSFailure) {
            var policy = try ServerTLSPolicy(name: name, options: options, noting: &files)
            if let old = previous?.policies[name], old.isSame(as: policy) { policy = old }
            policies[name] = policy
            for warning in policy.warnings { warn(path, warning, "remove it") }
        } catch {
            failures[name] = error
            report(path, error)
        }
    }

    // MARK: Problems

    private mutating func report(_ path: String, _ failure: TLSFailure) {
        diagnostics.append(Diagnostic(.error, path: path, reason: failure.reason, remedy: failure.remedy))
    }

    private mutating func warn(_ path: String, _ reason: String, _ remedy: String) {
        diagnostics.append(Diagnostic(.warning, path: path, reason: reason, remedy: remedy))
    }
}
