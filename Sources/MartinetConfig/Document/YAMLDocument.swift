import Yams

/// YAML to nodes, with positions. Aliases are expanded up to a bound: a few lines of them can stand for gigabytes.
enum YAMLDocument {
    private static let maxNodes = 2_000_000
    private static let maxDepth = 100

    static func parse(_ text: String, file: String) throws(DocumentError) -> ConfigNode {
        let root: Node?
        do {
            // Types follow from the options, not from what a scalar looks like, so no scalar is matched against Yams' tag patterns.
            root = try Yams.compose(yaml: text, .basic)
        } catch let error as YamlError {
            throw explain(error, file, text)
        } catch {
            throw DocumentError(position: SourcePosition(file: file), reason: "\(error)")
        }
        guard let root else { return ConfigNode(.null, at: SourcePosition(file: file)) }
        var budget = maxNodes
        return try convert(root, file, depth: 0, &budget)
    }

    private static func convert(_ node: Node, _ file: String, depth: Int, _ budget: inout Int) throws(DocumentError)
        -> ConfigNode
    {
        let mark = node.mark
        let position = SourcePosition(file: file, line: mark?.line ?? 0, column: mark?.column ?? 0)
        budget -= 1
        guard budget > 0 else {
            throw DocumentError(position: position, reason: "the document expands to more than \(maxNodes) values")
        }
        guard depth < maxDepth else {
            throw DocumentError(position: position, reason: "the document is nested more than \(maxDepth) deep")
        }
        switch node {
        case .scalar(let scalar):
            let quoted = scalar.style == .doubleQuoted || scalar.style == .singleQuoted
            let isNull = !quoted && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
            let text = scalar.style == .plain || scalar.style == .any ? plain(scalar) : scalar.string
            return ConfigNode(isNull ? .null : .scalar(text, quoted: quoted), at: position)
        case .sequence(let sequence):
            var items: [ConfigNode] = []
            items.reserveCapacity(sequence.count)
            for item in sequence { items.append(try convert(item, file, depth: depth + 1, &budget)) }
            return ConfigNode(.list(items), at: position)
        case .mapping(let mapping):
            return ConfigNode(.map(try members(of: mapping, file, depth, &budget)), at: position)
        case .alias:
            throw DocumentError(position: position, reason: "an alias without its anchor")
        }
    }

    /// What is written without quotes. The tag `!!str` makes a text of a number.
    private static func plain(_ scalar: Node.Scalar) -> String {
        let number = YAMLNumber.plain(scalar.string)
        return number == scalar.string || scalar.tag.description == Tag.Name.str.rawValue ? scalar.string : number
    }

    private static func members(
        of mapping: Node.Mapping, _ file: String, _ depth: Int, _ budget: inout Int
    ) throws(DocumentError) -> [ConfigNode.Member] {
        var members: [ConfigNode.Member] = []
        members.reserveCapacity(mapping.count)
        var merged: [ConfigNode.Member] = []
        var seen: Set<String> = []
        for (key, value) in mapping {
            let position = SourcePosition(file: file, line: key.mark?.line ?? 0, column: key.mark?.column ?? 0)
            guard case .scalar(let name) = key else {
                throw DocumentError(position: position, reason: "a key that is not a word")
            }
            let node = try convert(value, file, depth: depth + 1, &budget)
            if name.string == "<<" {
                merged += mergedMembers(node)
                continue
            }
            guard seen.insert(name.string).inserted else {
                throw DocumentError(
                    position: position, reason: "the key \"\(name.string)\" stands here twice",
                    remedy: "remove one of them")
            }
            members.append(.init(key: name.string, position: position, value: node))
        }
        for member in merged where seen.insert(member.key).inserted { members.append(member) }
        return members
    }

    /// `<<: *base`: what the named mappings hold and this one does not.
    private static func mergedMembers(_ node: ConfigNode) -> [ConfigNode.Member] {
        switch node.kind {
        case .map(let members): members
        case .list(let items): items.flatMap(mergedMembers)
        case .null, .scalar: []
        }
    }

    private static func explain(_ error: YamlError, _ file: String, _ text: String) -> DocumentError {
        var position = SourcePosition(file: file)
        var reason = "\(error)"
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            position.line = mark.line
            position.column = mark.column
            reason = problem
        case .duplicatedKeysInMapping(let keys, let context):
            position.line = context.mark.line
            position.column = context.mark.column
            reason = "a key stands twice in one section: \(keys.map { "\($0)" }.joined(separator: ", "))"
        case .reader(let problem, _, let value, _):
            position.line = line(of: value, in: text)
            reason = problem
        default:
            break
        }
        var remedy: String?
        if text.contains("\t") { remedy = "YAML is indented with spaces; look for tabs" }
        return DocumentError(position: position, reason: "this is not valid YAML: \(reason)", remedy: remedy)
    }

    /// The line of the first character with this number, which the library does not tell. A byte order mark at the start of the
    /// text is not part of it.
    private static func line(of value: Int32, in text: String) -> Int {
        var line = 1
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if scalar.value == UInt32(bitPattern: value), index > 0 || scalar != "\u{FEFF}" { break }
            if scalar == "\n" { line += 1 }
        }
        return line
    }
}
