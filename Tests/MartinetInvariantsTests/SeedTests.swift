import Foundation
import MartinetInvariants
import Testing

/// Every seed of the fuzz targets (`Fuzz/Seeds`), as it is and with small changes. `make fuzz` goes further.
@Suite struct SeedTests {
    @Test(arguments: FuzzTarget.allCases) func invariantsHoldForSeeds(_ target: FuzzTarget) throws {
        let seeds = try Self.seeds(of: target)
        #expect(seeds.count > 10)
        for seed in seeds {
            do {
                try target.check(seed.bytes)
            } catch {
                Issue.record("\(target.rawValue)/\(seed.name): \(error)")
            }
        }
    }

    @Test(arguments: FuzzTarget.allCases) func invariantsHoldForChangedSeeds(_ target: FuzzTarget) throws {
        let seeds = try Self.seeds(of: target)
        var random = SplitMix(seed: 7)
        for round in 0..<2000 {
            let seed = seeds[round % seeds.count]
            var bytes = seed.bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.change(&bytes, seeds, &random) }
            do {
                try target.check(bytes)
            } catch {
                Issue.record("\(target.rawValue)/\(seed.name), changed: \(error): \(Data(bytes).base64EncodedString())")
            }
        }
    }

    /// One byte more, less or other, or a piece of some seed put in.
    private static func change(_ bytes: inout [UInt8], _ seeds: [Seed], _ random: inout SplitMix) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 1 where place < bytes.count: bytes.remove(at: place)
        case 2 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
        default:
            let other = seeds.randomElement(using: &random)?.bytes ?? []
            let start = Int.random(in: 0...other.count, using: &random)
            bytes.insert(contentsOf: other[start...].prefix(16), at: place)
        }
    }

    private struct Seed {
        let name: String
        let bytes: [UInt8]
    }

    private static func seeds(of target: FuzzTarget) throws -> [Seed] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appending(path: "Fuzz/Seeds/\(target.rawValue)")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { Seed(name: $0.lastPathComponent, bytes: Array(try Data(contentsOf: $0))) }
    }
}
