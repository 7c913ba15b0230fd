import Testing

@testable import MartinetOperations

@Suite struct LogRotationTests {
    @Test(
        arguments: [
            (0, 0, 104_857_600, 0), (1, 5, 1_048_576, 432_000_000_000_000), (-3, -1, 104_857_600, 0),
            (.max, .max, .max, 0),
        ] as [(Int, Int, Int, Int64)])
    func unitsAndDefaults(megabytes: Int, days: Int, size: Int, age: Int64) {
        let rotation = LogRotation(megabytes: megabytes, backups: -1, days: days, compresses: false)
        #expect(rotation.maxSize == size)
        #expect(rotation.maxAge == age)
        #expect(rotation.maxBackups == 0)
    }
}
