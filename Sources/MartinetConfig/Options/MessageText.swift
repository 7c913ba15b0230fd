/// Text of the configuration that goes into messages as it is. A line end in it would let whoever writes labels or key-value
/// entries add header lines, or whole requests, of his own.
package enum MessageText: Sendable {
    /// A field name, a method or the name of a cookie: a token (RFC 9110 §5.6.2).
    case name
    /// A field value: no control characters but tabs (RFC 9110 §5.5). The keys of a table of values are names.
    case value
    /// A URL, a path or a part of them: neither control characters nor blanks (RFC 3986 §2).
    case target

    /// What is wrong with `text`, and what to do about it; nil when it is in order.
    private func problem(_ text: String) -> (reason: String, remedy: String)? {
        let offender = text.unicodeScalars.first { !admits($0) }
        guard let offender else { return nil }
        let code = String(offender.value, radix: 16, uppercase: true)
        let character =
            offender.value > 0x20 && offender.value != 0x7F
            ? "\"\(offender)\""
            : offender == " "
                ? "a blank" : "the control character U+" + String(repeating: "0", count: 4 - code.count) + code
        switch self {
        case .name:
            return ("holds \(character), which no name may", "use letters, digits and dashes")
        case .value:
            return ("holds \(character)", "write it on one line; in YAML, >- joins lines and drops the last line end")
        case .target:
            return ("holds \(character)", "remove it, or write it percent-encoded")
        }
    }

    private func admits(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .name:
            scalar.isASCII
                && (scalar.properties.isAlphabetic || "0123456789!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar))
        case .value: scalar == "\t" || scalar.value >= 0x20 && scalar.value != 0x7F
        case .target: scalar.value > 0x20 && scalar.value != 0x7F
        }
    }

    /// Checks an option that is text, a list of texts or a table of texts. Reports into `context`; returns whether all is well.
    func check(_ value: some OptionValue, _ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> Bool
    {
        let before = context.diagnostics.count
        switch value {
        case let text as String:
            report(text, at: path, node.position, &context)
        case let list as [String]:
            for (index, text) in list.enumerated() {
                report(text, at: "\(path)[\(index)]", node.item(index)?.position ?? node.position, &context)
            }
        case let table as [String: String]:
            for (key, text) in table.sorted(by: { $0.key < $1.key }) {
                let position = node[key]?.position ?? node.position
                if key.isEmpty {
                    context.error(path, at: position, "a name is empty", remedy: "give the header's name")
                } else if let (reason, remedy) = MessageText.name.problem(key) {
                    context.error(path, at: position, "the name \(key.debugDescription) \(reason)", remedy: remedy)
                } else {
                    report(text, at: "\(path).\(key)", position, &context)
                }
            }
        default: break
        }
        return context.diagnostics.count == before
    }

    private func report(_ text: String, at path: String, _ position: SourcePosition, _ context: inout DecodingContext) {
        guard let (reason, remedy) = problem(text) else { return }
        context.error(path, at: position, reason, remedy: remedy)
    }
}

extension ConfigNode {
    /// An item of a list.
    fileprivate func item(_ index: Int) -> ConfigNode? {
        guard case .list(let items) = kind, items.indices.contains(index) else { return nil }
        return items[index]
    }
}
