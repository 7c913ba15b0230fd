/// The cipher suites an option asks for, as the TLS library takes them.
struct CipherSelection: Equatable, Sendable {
    /// Names for versions below 1.3, joined by colons; never empty, since the library ends the process at an empty list.
    var list = CipherSuite.secure.joined(separator: ":")
    /// Whether only TLS 1.3 is left: none of the suites asked for belongs to an older version.
    var requiresTLS13 = false
    var warnings: [String] = []

    /// What `names` ask for; empty means Go's secure list.
    ///
    /// A known suite that the library does not have is left out with a warning: what remains is still only what was allowed.
    /// - Throws: for an unknown name, and when nothing at all remains.
    init(_ names: [String]) throws(TLSFailure) {
        guard !names.isEmpty else { return }
        var selected: [String] = []
        var allowsTLS13 = false
        for name in names {
            let suite = try CipherSuite.named(name)
            switch suite.support {
            case .selectable: if !selected.contains(suite.name) { selected.append(suite.name) }
            case .alwaysOn: allowsTLS13 = true
            case .missing: warnings.append("cipher suite \(name) is not supported and left out")
            case .signal: break
            }
        }
        if !selected.isEmpty {
            list = selected.joined(separator: ":")
        } else if allowsTLS13 {
            requiresTLS13 = true
        } else {
            throw TLSFailure(
                "invalid CipherSuites: none of them is supported",
                remedy: "add one of " + CipherSuite.secure.prefix(2).joined(separator: ", "))
        }
    }
}
