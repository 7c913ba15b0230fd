/// A version as `semver` reads it, which forgives missing parts.
struct SemanticVersion: Hashable, CustomStringConvertible {
    var major: UInt64
    var minor: UInt64 = 0
    var patch: UInt64 = 0
    var prerelease = ""
    var metadata = ""
    /// As it was written.
    var original: String

    init(_ text: String) throws(Failure) {
        let invalid = Failure("invalid semantic version", remedy: "versions are like 1.2.3 or v1.2.3-beta.1")
        original = text
        var rest = text[...]
        if rest.hasPrefix("v") { rest = rest.dropFirst() }
        if let plus = rest.firstIndex(of: "+") {
            metadata = String(rest[rest.index(after: plus)...])
            rest = rest[..<plus]
            guard Self.isWellFormed(metadata) else { throw invalid }
        }
        if let dash = rest.firstIndex(of: "-") {
            prerelease = String(rest[rest.index(after: dash)...])
            rest = rest[..<dash]
            guard Self.isWellFormed(prerelease) else { throw invalid }
        }
        for part in prerelease.split(separator: ".") where part.count > 1 && part.hasPrefix("0") {
            if part.utf8.allSatisfy({ $0 &- 0x30 < 10 }) { throw Failure("version segment starts with 0") }
        }
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count) else { throw invalid }
        var numbers: [UInt64] = []
        for part in parts {
            guard !part.isEmpty, part.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { throw invalid }
            guard let number = UInt64(part), number <= UInt64(Int64.max) else {
                throw Failure("error parsing version segment: \(part) is too large")
            }
            numbers.append(number)
        }
        major = numbers[0]
        if numbers.count > 1 { minor = numbers[1] }
        if numbers.count > 2 { patch = numbers[2] }
    }

    private static func isWellFormed(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || $0 == 0x2D }
        }
    }

    var description: String {
        "\(major).\(minor).\(patch)" + (prerelease.isEmpty ? "" : "-" + prerelease)
            + (metadata.isEmpty ? "" : "+" + metadata)
    }

    /// What follows a dot and takes no arguments.
    func field(_ name: String) -> Value? {
        switch name {
        case "Major": .integer(Int64(clamping: major), .uint64)
        case "Minor": .integer(Int64(clamping: minor), .uint64)
        case "Patch": .integer(Int64(clamping: patch), .uint64)
        case "Prerelease": .text(prerelease)
        case "Metadata": .text(metadata)
        case "Original": .text(original)
        case "String": .text(description)
        case "IncMajor": .version(incremented { ($0.major, $0.minor, $0.patch) = ($0.major &+ 1, 0, 0) })
        case "IncMinor": .version(incremented { ($0.minor, $0.patch) = ($0.minor &+ 1, 0) })
        case "IncPatch": .version(incremented { if $0.prerelease.isEmpty { $0.patch &+= 1 } })
        default: nil
        }
    }

    private func incremented(_ change: (inout SemanticVersion) -> Void) -> SemanticVersion {
        var version = self
        change(&version)
        version.prerelease = ""
        version.metadata = ""
        version.original = (original.hasPrefix("v") ? "v" : "") + version.description
        return version
    }

    /// -1, 0 or 1; metadata does not count.
    func compared(to other: SemanticVersion) -> Int {
        for (a, b) in [(major, other.major), (minor, other.minor), (patch, other.patch)] where a != b {
            return a < b ? -1 : 1
        }
        return Self.compared(prerelease, other.prerelease)
    }

    static func compared(_ a: String, _ b: String) -> Int {
        if a == b { return 0 }
        // A release comes behind its betas.
        if a.isEmpty { return 1 }
        if b.isEmpty { return -1 }
        let (left, right) = (a.split(separator: "."), b.split(separator: "."))
        for (x, y) in zip(left, right) where x != y {
            switch (UInt64(x), UInt64(y)) {
            case (let x?, let y?): if x != y { return x < y ? -1 : 1 }
            case (.some, nil): return -1
            case (nil, .some): return 1
            case (nil, nil): return x < y ? -1 : 1
            }
        }
        return left.count < right.count ? -1 : 1
    }
}
