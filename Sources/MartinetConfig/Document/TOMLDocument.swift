import TOMLKit

/// TOML to nodes. The library keeps no positions, so lines are found in the text (``TOMLLines``).
enum TOMLDocument {
    private static let maxDepth = 100

    static func parse(_ text: String, file: String) throws(DocumentError) -> ConfigNode {
        // The library would take a NUL for the end of the file and pass over the rest without a word.
        if let nul = text.utf8.firstIndex(of: 0) {
            let line = 1 + text.utf8[..<nul].count { $0 == 0x0A }
            throw DocumentError(
                position: SourcePosition(file: file, line: line), reason: "this is not valid TOML: a NUL character")
        }
        if let problem = TOMLPrecheck.firstProblem(in: text) {
            throw DocumentError(
                position: SourcePosition(file: file, line: problem.line),
                reason: "this is not valid TOML: \(problem.reason)", remedy: problem.remedy)
        }
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw DocumentError(
                position: SourcePosition(file: file, line: error.source.begin.line, column: error.source.begin.column),
                reason: "this is not valid TOML: \(error.description)")
        } catch {
            throw DocumentError(position: SourcePosition(file: file), reason: "this is not valid TOML: \(error)")
        }
        return try convert(table, path: [], TOMLLines(text), file)
    }

    /// `path` is as long as the value is deep, lists not counted, which have no keys; `lists` counts those.
    private static func convert(
        _ value: any TOMLValueConvertible, path: [String], _ lines: TOMLLines, _ file: String, lists: Int = 0
    ) throws(DocumentError) -> ConfigNode {
        let position = SourcePosition(file: file, line: lines.line(of: path))
        guard path.count + lists < maxDepth else {
            throw DocumentError(position: position, reason: "the document is nested more than \(maxDepth) deep")
        }
        if let table = value.table {
            var members: [ConfigNode.Member] = []
            for key in table.keys {
                let place = path + [key]
                let position = SourcePosition(file: file, line: lines.line(of: place))
                guard let value = table[key] else {
                    throw DocumentError(position: position, reason: "a key with a NUL character: \"\(key)\"")
                }
                let node = try convert(value, path: place, lines, file, lists: lists)
                members.append(.init(key: key, position: position, value: node))
            }
            return ConfigNode(.map(members), at: position)
        }
        if let array = value.array {
            var items: [ConfigNode] = []
            for item in array { items.append(try convert(item, path: path, lines, file, lists: lists + 1)) }
            return ConfigNode(.list(items), at: position)
        }
        if let text = value.string { return ConfigNode(.scalar(text, quoted: true), at: position) }
        if let flag = value.bool { return ConfigNode(.scalar(flag ? "true" : "false", quoted: false), at: position) }
        if let number = value.int { return ConfigNode(.scalar("\(number)", quoted: false), at: position) }
        if let number = value.double, let whole = Int(exactly: number) {
            return ConfigNode(.scalar("\(whole)", quoted: false), at: position)
        }
        if let number = value.double { return ConfigNode(.scalar("\(number)", quoted: false), at: position) }
        return ConfigNode(.scalar("\(value)", quoted: false), at: position)
    }
}

/// Line numbers of the keys of a TOML text, by their whole path.
struct TOMLLines {
    private var lines: [String: Int] = [:]

    init(_ text: String) {
        var table = ""
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            if trimmed.hasPrefix("[") {
                let name = trimmed.drop { $0 == "[" }.prefix { $0 != "]" }
                table = Self.normal(name)
                note(table, number)
            } else if let equals = trimmed.firstIndex(of: "="), !trimmed.hasPrefix("#") {
                let key = Self.normal(trimmed[..<equals])
                note(table.isEmpty ? key : table + "." + key, number)
            }
        }
    }

    /// The line where the value at `path` begins, or that of what it stands in; 0 when unknown.
    func line(of path: [String]) -> Int {
        var path = path
        while !path.isEmpty {
            if let line = lines[path.joined(separator: ".")] { return line }
            path.removeLast()
        }
        return 0
    }

    /// The first line of each prefix counts, so that `[a.b.c]` tells where `a.b` is, too.
    private mutating func note(_ name: String, _ number: Int) {
        var parts = name.split(separator: ".")
        while !parts.isEmpty {
            let key = parts.joined(separator: ".")
            if lines[key] == nil { lines[key] = number }
            parts.removeLast()
        }
    }

    private static func normal(_ name: some StringProtocol) -> String {
        String(name.filter { $0 != " " && $0 != "\t" && $0 != "\"" && $0 != "'" })
    }
}
