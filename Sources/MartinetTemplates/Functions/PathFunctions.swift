/// Parts of paths, which are taken for text: no file is looked at.
enum PathFunctions {
    static let table: [String: TemplateFunction] = {
        let functions: [String: @Sendable ([UInt8]) -> Value] = [
            "base": { .string(base($0)) },
            "dir": { path in .string(clean(Array(path[..<((path.lastIndex(of: slash) ?? -1) + 1)]))) },
            "clean": { .string(clean($0)) },
            "ext": { path in
                let name = path[((path.lastIndex(of: slash) ?? -1) + 1)...]
                return .string(name.lastIndex(of: dot).map { Array(name[$0...]) } ?? [])
            },
            "isAbs": { .bool($0.first == slash) },
        ]
        var table: [String: TemplateFunction] = [:]
        for (name, function) in functions {
            let made = TemplateFunction(.string) { call throws(Failure) in function(call.bytes(0)) }
            table[name] = made
            table["os" + name.prefix(1).uppercased() + name.dropFirst()] = made
        }
        return table
    }()

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    private static func base(_ path: [UInt8]) -> [UInt8] {
        guard !path.isEmpty else { return [dot] }
        guard let last = path.split(separator: slash).last else { return [slash] }
        return Array(last)
    }

    /// Without empty parts, `.`, and `..` behind a name.
    private static func clean(_ path: [UInt8]) -> [UInt8] {
        let isRooted = path.first == slash
        var parts: [ArraySlice<UInt8>] = []
        for part in path.split(separator: slash) where !part.elementsEqual([dot]) {
            let isUp = part.elementsEqual([dot, dot])
            if isUp, let last = parts.last, !last.elementsEqual([dot, dot]) {
                parts.removeLast()
            } else if !isUp || !isRooted {
                parts.append(part)
            }
        }
        let joined = Array(parts.joined(separator: [slash]))
        if isRooted { return [slash] + joined }
        return joined.isEmpty ? [dot] : joined
    }
}
