/// The install options as text: for `--help` and for finding the nearest flag.
package enum InstallReference {
    package struct Flag: Sendable {
        package var name: String
        package var summary: String
        package var defaultText: String
    }

    package static func flagNames() -> [String] { flags().map(\.name) }

    /// Every flag; `<name>` stands for a name of the user's.
    package static func flags() -> [Flag] {
        var flags: [Flag] = [
            Flag(name: "configFile", summary: "Configuration file to use instead of flags.", defaultText: "")
        ]
        InstallConfiguration.collect(prefix: "", into: &flags)
        return flags
    }

    package static func helpText() -> String {
        var text = """
            martinet: a reverse proxy and API gateway that speaks Traefik's configuration

            Usage: martinet [flags]            run the proxy
                   martinet check [flags]      load the configuration and print every problem
                   martinet healthcheck [flags]  ask a running proxy's /ping
                   martinet whoami [--port N] [--name X]  run the demo server
                   martinet version

            Configuration comes from a file (--configFile, or traefik.yml in /etc/traefik, $XDG_CONFIG_HOME, $HOME/.config or here),
            else from flags, else from TRAEFIK_… variables; the first that says anything is used alone.

            Flags:

            """
        for flag in flags() {
            text += "    --\(flag.name)\(flag.defaultText.isEmpty ? "" : "  (Default: \(flag.defaultText))")\n"
            text += "        \(flag.summary)\n"
        }
        return text
    }
}

extension OptionGroup {
    static func collect(prefix: String, into flags: inout [InstallReference.Flag]) {
        let defaults = Self()
        for field in fields {
            field.valueType.collect(
                name: prefix + field.name, summary: field.summary, defaultText: field.encode(defaults)?.text ?? "",
                into: &flags)
        }
    }
}

extension OptionValue {
    static func collect(name: String, summary: String, defaultText: String, into flags: inout [InstallReference.Flag]) {
        switch shape {
        case .group(let group):
            flags.append(.init(name: name, summary: summary, defaultText: ""))
            group.collect(prefix: name + ".", into: &flags)
        case .map(let element):
            guard case .scalar = element.shape else {
                return element.collect(name: name + ".<name>", summary: summary, defaultText: "", into: &flags)
            }
            flags.append(.init(name: name + ".<name>", summary: summary, defaultText: ""))
        case .list(let element):
            guard case .group = element.shape else {
                flags.append(.init(name: name, summary: summary, defaultText: defaultText))
                return
            }
            element.collect(name: name + "[n]", summary: summary, defaultText: "", into: &flags)
        case .optional(let wrapped):
            wrapped.collect(name: name, summary: summary, defaultText: defaultText, into: &flags)
        case .scalar:
            flags.append(.init(name: name, summary: summary, defaultText: defaultText))
        }
    }
}
