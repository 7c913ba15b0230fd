// swift-tools-version: 6.2
import PackageDescription

/// The flags of the project (see ../Package.swift).
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // Optimised for speed, but with the checks of debug builds: those of unsafe buffers' bounds above all.
    .unsafeFlags(["-assert-config", "Debug"]),
]

/// libFuzzer sees which branches these modules take, and AddressSanitizer what they touch.
let watched: [SwiftSetting] = strict + [.unsafeFlags(["-sanitize=fuzzer,address"])]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioConcurrency = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "_CryptoExtras", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "martinet-fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
        .package(url: "https://github.com/LebJe/TOMLKit.git", from: "0.6.0"),
    ],
    targets: [
        // The folders of Linked/ are symbolic links to ../Sources.
        .target(
            name: "CRE2", path: "Linked/CRE2", linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("stdc++")]),
        .target(
            name: "MartinetConfig", dependencies: ["Yams", "TOMLKit"], path: "Linked/MartinetConfig",
            swiftSettings: watched),
        .target(
            name: "MartinetHTTP", dependencies: [nioCore], path: "Linked/MartinetHTTP", swiftSettings: watched),
        .target(
            name: "MartinetCore", dependencies: ["MartinetConfig", "MartinetHTTP", "CRE2", nioCore],
            path: "Linked/MartinetCore", swiftSettings: watched),
        .systemLibrary(name: "CCrypt", path: "Linked/CCrypt"),
        .target(
            name: "MartinetTemplates", dependencies: ["MartinetCore", "CCrypt", crypto, cryptoExtras],
            path: "Linked/MartinetTemplates", swiftSettings: watched),
        .target(
            name: "MartinetRedis", dependencies: [nioCore, nioPosix, nioTLS, crypto, logging],
            path: "Linked/MartinetRedis", swiftSettings: watched),
        // Only its writers and the readers of ClientHellos and PROXY headers are used: watching the rest would make each run slower.
        .target(
            name: "MartinetServer",
            dependencies: [
                "MartinetCore", nioCore, nioPosix, nioConcurrency, nioSSL, asn1, crypto, logging, lifecycle,
            ],
            path: "Linked/MartinetServer", swiftSettings: strict),

        .systemLibrary(name: "CLibFuzzer", path: "CLibFuzzer"),
        .target(
            name: "MartinetInvariants",
            dependencies: [
                "MartinetConfig", "MartinetHTTP", "MartinetCore", "MartinetRedis", "MartinetServer",
                "MartinetTemplates", nioCore,
            ],
            path: "Invariants", swiftSettings: strict),
        .executableTarget(
            name: "martinet-fuzz", dependencies: ["MartinetInvariants", "CLibFuzzer"], path: "Runner",
            swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ]
)
