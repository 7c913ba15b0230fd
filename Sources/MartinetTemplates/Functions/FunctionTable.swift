/// All functions, Go's own and sprig's; where both have one, sprig's.
enum FunctionTable {
    static let functions: [String: TemplateFunction] = {
        let tables = [
            Builtins.table, Comparisons.table, TextFunctions.table, TextCases.table, Wrapping.table,
            NumberFunctions.table, Randoms.table, ListFunctions.table, DictionaryFunctions.table,
            DefaultFunctions.table, EncodingFunctions.table, DigestFunctions.table, Ciphers.table,
            RegexFunctions.table, DateFunctions.table, Reflections.table, PathFunctions.table, URLFunctions.table,
            VersionFunctions.table, Surroundings.table,
        ]
        return tables.reduce(into: [:]) { $0.merge($1) { $1 } }
    }()

    /// Functions of Traefik that there are not, with what to do instead.
    static let omitted: [String: String] = {
        let names = [
            "genPrivateKey", "buildCustomCert", "genCA", "genCAWithKey", "genSelfSignedCert",
            "genSelfSignedCertWithKey",
            "genSignedCert", "genSignedCertWithKey",
        ]
        let remedy = "keys and certificates are not made in templates, each reading would make others: name files"
        return Dictionary(uniqueKeysWithValues: names.map { ($0, remedy) })
    }()
}
