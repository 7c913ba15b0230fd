/// Command line flags, with Traefik's grammar: `--a.b.c=v`, `--a.b.c v`, a bare flag for true, `[n]` for list items; letter case is
/// ignored.
enum FlagReader {
    struct Flags {
        var configFile: String?
        /// Nil when no option was given.
        var node: ConfigNode?
    }

    static func read(_ arguments: [String], _ context: inout DecodingContext) -> Flags {
        var flags = Flags()
        let position = SourcePosition(file: "command line")
        let builder = NodeBuilder(position: position)
        var any = false
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            index += 1
            guard argument.hasPrefix("-") else {
                context.error("", at: position, "unexpected argument \"\(argument)\"", remedy: "flags begin with --")
                continue
            }
            let text = argument.drop { $0 == "-" }
            let equals = text.firstIndex(of: "=")
            let name = String(equals.map { text[..<$0] } ?? text)
            var value = equals.map { String(text[text.index(after: $0)...]) }
            let isConfigFile = name.lowercased() == "configfile"
            guard isConfigFile || resolve(name) != nil else {
                if let remedy = RemovedOptions.remedy(for: name) {
                    context.error("--" + name, at: position, "this option was removed", remedy: remedy)
                    continue
                }
                let nearest = NearestName.of(name, among: InstallReference.flagNames())
                context.error(
                    "--" + name, at: position, "unknown flag",
                    remedy: nearest.map { "did you mean --\($0)?" } ?? "martinet --help lists all flags")
                continue
            }
            let bare = resolve(name)?.branch.takesNoValue ?? false
            if value == nil, !bare, index < arguments.count {
                value = arguments[index]
                index += 1
            }
            if isConfigFile {
                flags.configFile = value ?? ""
            } else if let path = resolve(name)?.path {
                any = true
                builder.set(path[...], to: value ?? "true", at: SourcePosition(file: "--" + name))
            }
        }
        if any { flags.node = builder.node }
        return flags
    }

    /// The declared path of a flag.
    private static func resolve(_ name: String) -> (path: [String], branch: OptionBranch)? {
        var branch = OptionBranch(type: InstallConfiguration.self)
        var path: [String] = []
        for part in name.split(separator: ".", omittingEmptySubsequences: false) {
            // `domains[0]` is the part `domains` and the item `[0]`.
            var pieces = [String(part)]
            if let bracket = part.firstIndex(of: "["), bracket > part.startIndex {
                pieces = [String(part[..<bracket]), String(part[bracket...])]
            }
            for piece in pieces {
                guard !piece.isEmpty, let next = branch.child(piece) else { return nil }
                path.append(next.name)
                branch = next.branch
            }
        }
        return path.isEmpty ? nil : (path, branch)
    }
}
