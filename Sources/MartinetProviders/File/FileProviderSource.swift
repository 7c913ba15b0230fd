/// Where the file provider reads: its options `filename` and `directory`, of which exactly one is set.
package enum FileProviderSource: Sendable, Hashable {
    case file(String)
    case directory(String)

    /// The options contradict each other or are missing.
    package struct OptionsError: Error, Sendable, CustomStringConvertible {
        package var description: String
    }

    /// - Throws: when neither or both are given. Empty counts as not given.
    package init(filename: String, directory: String) throws(OptionsError) {
        switch (filename.isEmpty, directory.isEmpty) {
        case (false, true): self = .file(filename)
        case (true, false): self = .directory(directory)
        case (true, true):
            throw OptionsError(
                description: "providers.file: neither filename nor directory is set; "
                    + "set filename to a YAML or TOML file, or directory to a directory of such files"
            )
        case (false, false):
            throw OptionsError(
                description: "providers.file: filename \"\(filename)\" and directory \"\(directory)\" are both set; "
                    + "remove one"
            )
        }
    }

    package var path: String {
        switch self {
        case .file(let path), .directory(let path): path
        }
    }
}
