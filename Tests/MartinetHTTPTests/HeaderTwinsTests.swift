import MartinetHTTP
import Testing

@Suite struct HeaderTwinsTests {
    private func areTwins(_ a: String, _ b: String) -> Bool {
        Array(a.utf8).withUnsafeBytes { a in Array(b.utf8).withUnsafeBytes { HeaderTwins.areTwins(a, $0) } }
    }

    @Test(arguments: ["X_User", "x.user", "X-USER", "x~user"]) func otherPunctuationCountsAsADash(_ name: String) {
        #expect(areTwins(name, "X-User"))
        #expect(Array(name.utf8).withUnsafeBytes { HeaderTwins.dashed($0) } == "x-user")
    }

    @Test(arguments: ["XUser", "X-Users", "Y-User", ""]) func otherNamesAreNoTwins(_ name: String) {
        #expect(!areTwins(name, "X-User"))
    }

    @Test(arguments: [
        ("X_Forwarded_For", HeaderID.xForwardedFor), ("x.real.ip", .xRealIP), ("X-Other", .other), ("", .other),
        ("X_Forwarded_Tls_Client_Cert_Info", .xForwardedTLSClientCertInfo),
    ])
    func dashedNamesAreLookedUp(_ name: String, _ id: HeaderID) {
        #expect(Array(name.utf8).withUnsafeBytes { HeaderTwins.dashedID($0) } == id)
    }

    @Test func longNamesAreNoneOfOurs() {
        let name = [UInt8](repeating: 0x5F, count: 60_000)
        #expect(name.withUnsafeBytes { HeaderTwins.dashedID($0) } == .other)
    }
}
