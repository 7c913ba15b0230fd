/// What was loaded, from where, and what is wrong with it.
package struct LoadedInstallation: Sendable {
    package enum Source: Sendable, Equatable {
        case file(String)
        case flags, environment, defaults

        package var description: String {
            switch self {
            case .file(let path): path
            case .flags: "command line flags"
            case .environment: "environment variables"
            case .defaults: "defaults"
            }
        }
    }

    package var configuration: InstallConfiguration
    package var source: Source
    package var diagnostics: [Diagnostic]

    package var isUsable: Bool { !diagnostics.contains { $0.severity == .error } }
}

/// Reads the install configuration. File, flags, environment, in this order: the first that says anything is used alone.
package struct InstallLoader: Sendable {
    /// Command line without the program's name.
    package var arguments: [String]
    package var environment: [String: String]
    /// The text of a file, or nil when there is none. Throws when there is one that cannot be read.
    package var readFile: @Sendable (String) throws -> String?

    package init(
        arguments: [String], environment: [String: String], readFile: @escaping @Sendable (String) throws -> String?
    ) {
        self.arguments = arguments
        self.environment = environment
        self.readFile = readFile
    }

    package func load() -> LoadedInstallation {
        var context = DecodingContext()
        let flags = FlagReader.read(arguments, &context)
        if let path = flags.configFile {
            guard let found = read(path, &context) else {
                if !context.hasErrors {
                    context.error(
                        "", at: SourcePosition(file: path), "there is no such file",
                        remedy: "check the path given with --configFile, or leave it out"
                    )
                }
                return LoadedInstallation(configuration: .init(), source: .file(path), diagnostics: context.diagnostics)
            }
            return finish(found, .file(path), context)
        }
        for path in searchPaths {
            if let found = read(path, &context) { return finish(found, .file(path), context) }
            if context.hasErrors {
                return LoadedInstallation(configuration: .init(), source: .file(path), diagnostics: context.diagnostics)
            }
        }
        if let node = flags.node { return finish(node, .flags, context) }
        if let node = EnvironmentReader.read(environment, &context) { return finish(node, .environment, context) }
        return finish(ConfigNode(.null, at: SourcePosition(file: "defaults")), .defaults, context)
    }

    /// Traefik's places, each also with Martinet's name.
    private var searchPaths: [String] {
        var folders = ["/etc/traefik/traefik", "/etc/martinet/martinet"]
        for folder in [environment["XDG_CONFIG_HOME"], environment["HOME"].map { $0 + "/.config" }, "."] {
            if let folder, !folder.isEmpty { folders += [folder + "/traefik", folder + "/martinet"] }
        }
        return folders.flatMap { base in ["toml", "yaml", "yml"].map { "\(base).\($0)" } }
    }

    private func read(_ path: String, _ context: inout DecodingContext) -> ConfigNode? {
        do {
            guard let text = try readFile(path) else { return nil }
            guard let format = DocumentFormat(fileName: path) else {
                context.error(
                    "", at: SourcePosition(file: path), "the file's name does not tell its format",
                    remedy: "name it .yml, .yaml or .toml"
                )
                return nil
            }
            return try parseDocument(text, format: format, file: path)
        } catch let error as DocumentError {
            context.add(error.diagnostic)
        } catch {
            context.error(
                "", at: SourcePosition(file: path), "the file cannot be read: \(error)", remedy: "check its permissions"
            )
        }
        return nil
    }

    private func finish(
        _ node: ConfigNode, _ source: LoadedInstallation.Source, _ before: DecodingContext
    ) -> LoadedInstallation {
        var context = before
        RemovedOptions.check(node, &context)
        var configuration = InstallConfiguration.decode(node, at: "", &context)
        configuration?.applyDefaultEntryPoints()
        configuration?.check(&context)
        return LoadedInstallation(
            configuration: configuration ?? .init(), source: source,
            diagnostics: context.diagnostics.map { locate($0, in: node) })
    }

    /// Checks of the whole configuration name the option; the place where it stands is added here.
    private func locate(_ diagnostic: Diagnostic, in node: ConfigNode) -> Diagnostic {
        guard diagnostic.position == nil, !diagnostic.path.isEmpty else { return diagnostic }
        var place = node
        var located = diagnostic
        for key in diagnostic.path.lowercased().split(separator: ".") {
            guard case .map(let members) = place.kind,
                let member = members.first(where: { $0.key.lowercased() == key })
            else { break }
            place = member.value
            located.position = member.position
        }
        return located
    }
}
