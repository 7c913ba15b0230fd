// swift-tools-version: 6.2
import PackageDescription

// Micro benchmarks of Martinet's parts, apart from the main package so that `swift build` there does not build them.
//
// The sources measured are links into ../../Sources: what they declare `package` can be seen within one package only. The list of
// targets is the part of the main Package.swift that the data path needs, with the same flags.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "martinet-micro-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
        .package(url: "https://github.com/LebJe/TOMLKit.git", from: "0.6.0"),
    ],
    targets: [
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("stdc++")]),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "CBrotli"),
        .systemLibrary(name: "CZstd"),
        .systemLibrary(name: "CCrypt"),
        .target(name: "MartinetConfig", dependencies: ["Yams", "TOMLKit"], swiftSettings: strict),
        .target(name: "MartinetHTTP", dependencies: [nioCore], swiftSettings: strict),
        .target(
            name: "MartinetCore", dependencies: ["MartinetConfig", "MartinetHTTP", "CRE2", nioCore],
            swiftSettings: strict),
        .target(
            name: "MartinetMiddlewares",
            dependencies: ["MartinetCore", "CZlib", "CBrotli", "CZstd", "CCrypt", crypto, nioCore],
            swiftSettings: strict),
        .target(
            name: "MartinetServer", dependencies: ["MartinetCore", nioCore, nioPosix, logging, lifecycle],
            swiftSettings: strict),

        .target(name: "CAllocationCounter"),
        .executableTarget(
            name: "MicroBenchmarks",
            dependencies: [
                "CAllocationCounter", "MartinetServer", "MartinetMiddlewares", "MartinetCore", "MartinetHTTP",
                "MartinetConfig", nioCore, nioPosix, logging,
            ],
            swiftSettings: strict),
    ]
)
