import MartinetConfig
import Testing

@Suite struct InstallLoaderTests {
    private func load(
        _ arguments: [String] = [], environment: [String: String] = [:], files: [String: String] = [:]
    ) -> LoadedInstallation {
        InstallLoader(arguments: arguments, environment: environment) { files[$0] }.load()
    }

    @Test func aFileIsReadAloneAndFlagsAreIgnored() {
        let loaded = load(
            ["--configFile=a.yml", "--entrypoints.other.address=:1"],
            files: ["a.yml": "entryPoints: {web: {address: ':8000'}}"])
        #expect(loaded.isUsable)
        #expect(loaded.configuration.entryPoints.keys.sorted() == ["web"])
    }

    @Test func flagsIgnoreCaseAndTakeListsAndBareSections() {
        let loaded = load([
            "--EntryPoints.Web.Address=:8000", "--entrypoints.web.http.middlewares=a@file,b@file", "--ping",
            "--api.insecure",
            "--entrypoints.web.http.tls.domains[0].main=a.test", "--log.level", "DEBUG",
        ])
        #expect(loaded.diagnostics.isEmpty)
        #expect(loaded.configuration.entryPoints["Web"]?.address == ":8000")
        #expect(loaded.configuration.entryPoints["Web"]?.http.middlewares == ["a@file", "b@file"])
        #expect(loaded.configuration.entryPoints["Web"]?.http.tls?.domains.first?.main == "a.test")
        #expect(loaded.configuration.ping != nil)
        #expect(loaded.configuration.log.level == "DEBUG")
    }

    @Test func variablesOfBothNamesAreRead() {
        let loaded = load(environment: [
            "TRAEFIK_ENTRYPOINTS_WEB_ADDRESS": ":8000", "MARTINET_PING": "true", "TRAEFIK_PORT_80_TCP": "x",
            "TRAEFIK_ENTRYPOINTS_WEB_HTTP_TLS_DOMAINS_0_MAIN": "a.test",
        ])
        #expect(loaded.source == .environment)
        #expect(loaded.configuration.entryPoints["web"]?.address == ":8000")
        #expect(loaded.configuration.entryPoints["web"]?.http.tls?.domains.first?.main == "a.test")
        #expect(loaded.configuration.ping != nil)
    }

    @Test(arguments: [
        ("entryPoints: {web: {addres: ':80'}}", "did you mean \"address\"?"),
        ("entrypoint: {web: {address: ':80'}}", "did you mean \"entryPoints\"?"),
        ("pilot: {token: x}", "Traefik Pilot has ended"),
        ("providers: {docker: {swarmMode: true}}", "use the provider providers.swarm"),
        ("log: {level: LOUD}", "use one of TRACE"),
        ("ping: {entryPoint: wb}\nentryPoints: {web: {address: ':80'}}", "did you mean \"web\"?"),
        ("entryPoints: {web: {address: '80'}}", "write host:port"),
        ("entryPoints: {web: {address: ':80', transport: {respondingTimeouts: {readTimeout: soon}}}}", "a duration"),
        ("entryPoints: {web: {address: ':80', http: {aliasHeadersStrategy: maybe}}}", "use keep, delete or reject"),
        ("providers: {file: {watch: true}}", "give one of them"),
        ("a: b: c", "not valid YAML"),
    ])
    func badInputIsRefusedWithARemedy(_ text: String, _ remedy: String) {
        let loaded = load(["--configFile=a.yml"], files: ["a.yml": text])
        #expect(!loaded.isUsable)
        #expect(loaded.diagnostics.contains { $0.description.contains(remedy) }, "\(loaded.diagnostics)")
    }

    @Test func unknownFlagsNameTheNearest() {
        let loaded = load(["--providers.file.directry=/x"])
        #expect(loaded.diagnostics.first?.description.contains("--providers.file.directory") == true)
    }

    @Test func aMissingFileStopsTheStart() {
        #expect(!load(["--configFile=none.yml"]).isUsable)
    }

    @Test func tomlAndYAMLMeanTheSame() {
        let yaml = load(
            ["--configFile=a.yml"], files: ["a.yml": "entryPoints:\n  web:\n    address: ':80'\n    asDefault: true\n"])
        let toml = load(
            ["--configFile=a.toml"], files: ["a.toml": "[entryPoints.web]\naddress = ':80'\nasDefault = true\n"])
        #expect(yaml.configuration == toml.configuration)
        #expect(yaml.isUsable)
    }

    @Test func defaultsAddEntryPoints() {
        let loaded = load(["--api.insecure"])
        #expect(loaded.configuration.entryPoints["http"]?.address == ":80")
        #expect(loaded.configuration.entryPoints["traefik"]?.address == ":8080")
    }

    @Test(arguments: [
        ("90", "1m30s"), ("1m30s", "1m30s"), ("100ms", "100ms"), ("0", "0s"), ("1.5s", "1.5s"), ("2h", "2h0m0s"),
        ("-1s", "-1s"),
    ])
    func durationsAreGos(_ text: String, _ shown: String) {
        #expect(OptionDuration(text)?.description == shown)
    }

    @Test(arguments: ["", "soon", "1x", "9999999999999999999", "1e400s"]) func otherTextsAreNoDurations(_ text: String)
    {
        #expect(OptionDuration(text) == nil)
    }

    @Test func helpListsEveryFlag() {
        let help = InstallReference.helpText()
        for flag in ["entryPoints.<name>.address", "providers.file.directory", "api.insecure", "log.level"] {
            #expect(help.contains("--" + flag))
        }
    }
}
