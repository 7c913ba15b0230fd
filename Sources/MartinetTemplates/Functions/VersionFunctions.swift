/// Versions.
enum VersionFunctions {
    static let table: [String: TemplateFunction] = [
        "semver": TemplateFunction(.string) { call throws(Failure) in .version(try SemanticVersion(call.text(0))) },
        "semverCompare": TemplateFunction(.string, .string, cost: 20) { call throws(Failure) in
            let constraint = try VersionConstraint(call.text(0))
            return .bool(constraint.isFulfilled(by: try SemanticVersion(call.text(1))))
        },
    ]

    /// Methods of versions that take another one; the receiver comes first.
    static let methods: [String: TemplateFunction] = [
        "Compare": comparison { .int($0) },
        "Equal": comparison { .bool($0 == 0) },
        "LessThan": comparison { .bool($0 < 0) },
        "LessThanEqual": comparison { .bool($0 <= 0) },
        "GreaterThan": comparison { .bool($0 > 0) },
        "GreaterThanEqual": comparison { .bool($0 >= 0) },
    ]

    private static func comparison(_ result: @escaping @Sendable (Int) -> Value) -> TemplateFunction {
        TemplateFunction(.any, .any) { call throws(Failure) in
            guard case .version(let a) = call[0], case .version(let b) = call[1] else {
                throw Failure(
                    "wrong type for value; expected *semver.Version; got \(call[1].typeName)", remedy: "use semver")
            }
            return result(a.compared(to: b))
        }
    }
}
