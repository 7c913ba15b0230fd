// swift-tools-version: 6.2
import PackageDescription

/// Flags every target of ours is built with: warnings are errors, imports carry their level, existentials are spelt out.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioConcurrency = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "_CryptoExtras", package: "swift-crypto")

let package = Package(
    name: "martinet",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "martinet", targets: ["martinet"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
        .package(url: "https://github.com/LebJe/TOMLKit.git", from: "0.6.0"),
    ],
    targets: [
        // C and C++ system libraries, each behind a module of its own.
        .target(name: "CRSA", linkerSettings: [.linkedLibrary("crypto")]),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("stdc++")]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CBrotli", providers: [.apt(["libbrotli-dev"])]),
        .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),

        .target(name: "MartinetConfig", dependencies: ["Yams", "TOMLKit"], swiftSettings: strict),
        .target(name: "MartinetHTTP", dependencies: [nioCore], swiftSettings: strict),
        .target(
            name: "MartinetCore", dependencies: ["MartinetConfig", "MartinetHTTP", "CRE2", nioCore],
            swiftSettings: strict),
        .target(
            name: "MartinetRedis", dependencies: [nioCore, nioPosix, nioTLS, crypto, logging], swiftSettings: strict),
        .target(
            name: "MartinetMiddlewares",
            dependencies: [
                "MartinetCore", "MartinetRedis", "CZlib", "CBrotli", "CZstd", "CCrypt", crypto, nioCore, logging,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "MartinetServer",
            dependencies: [
                "MartinetCore", "CRSA", nioCore, nioPosix, nioConcurrency, nioSSL, asn1, crypto, logging, lifecycle,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "MartinetTemplates", dependencies: ["MartinetCore", "CCrypt", crypto, cryptoExtras],
            swiftSettings: strict),
        .target(
            name: "MartinetProviders",
            dependencies: ["MartinetCore", "MartinetTemplates", nioCore, nioPosix, logging, lifecycle],
            swiftSettings: strict
        ),
        .target(
            name: "MartinetOperations",
            dependencies: [
                "MartinetServer", "MartinetProviders", "CZlib", nioCore, nioPosix, nioConcurrency, logging,
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "martinet",
            dependencies: [
                "MartinetServer", "MartinetProviders", "MartinetOperations", "MartinetMiddlewares", nioCore, nioPosix,
                logging,
                lifecycle, crypto, .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),

        // What must hold for every input; shared by the tests and by the nested package Fuzz.
        .target(
            name: "MartinetInvariants",
            dependencies: [
                "MartinetConfig", "MartinetHTTP", "MartinetCore", "MartinetRedis", "MartinetServer",
                "MartinetTemplates", nioCore,
            ],
            path: "Fuzz/Invariants", swiftSettings: strict),
        .testTarget(
            name: "MartinetInvariantsTests", dependencies: ["MartinetInvariants"], swiftSettings: strict),
        .testTarget(name: "MartinetConfigTests", dependencies: ["MartinetConfig"], swiftSettings: strict),
        .testTarget(name: "MartinetHTTPTests", dependencies: ["MartinetHTTP", nioCore], swiftSettings: strict),
        .testTarget(name: "MartinetCoreTests", dependencies: ["MartinetCore", nioCore], swiftSettings: strict),
        .testTarget(
            name: "MartinetRedisTests", dependencies: ["MartinetRedis", nioCore, nioPosix, logging],
            swiftSettings: strict),
        .testTarget(
            name: "MartinetMiddlewaresTests",
            dependencies: ["MartinetMiddlewares", "MartinetRedis", "CZlib", nioCore, nioEmbedded],
            swiftSettings: strict),
        .testTarget(
            name: "MartinetServerTests",
            dependencies: [
                "MartinetServer", nioCore, nioEmbedded, nioPosix, nioSSL, nioTLS, x509, asn1, crypto, cryptoExtras,
                logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "MartinetTemplatesTests", dependencies: ["MartinetTemplates"], exclude: ["recorded.json"],
            swiftSettings: strict),
        .testTarget(
            name: "MartinetProvidersTests", dependencies: ["MartinetProviders", logging, lifecycle],
            swiftSettings: strict),
        .testTarget(
            name: "MartinetOperationsTests", dependencies: ["MartinetOperations", "CZlib", nioCore],
            swiftSettings: strict),
    ]
)

// The micro benchmarks see what is declared `package`, so they belong to this package; only their script builds them.
if Context.environment["MARTINET_MICRO_BENCHMARKS"] != nil {
    package.targets += [
        .target(name: "CAllocationCounter", path: "Benchmarks/counter"),
        .executableTarget(
            name: "MicroBenchmarks",
            dependencies: [
                "CAllocationCounter", "MartinetServer", "MartinetMiddlewares", "MartinetCore", "MartinetHTTP",
                "MartinetConfig", nioCore, nioPosix, logging,
            ],
            path: "Benchmarks/micro/MicroBenchmarks", swiftSettings: strict),
    ]
}
