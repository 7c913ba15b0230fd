#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// `MicroBenchmarks` measures all benchmarks, one line each: name, allocations, bytes, nanoseconds, description, separated by tabs.
/// `MicroBenchmarks NAME COUNT` does one operation so many times and prints nothing, for a program that counts instructions.
@main
enum Main {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        do {
            if let name = arguments.first {
                guard let entry = Catalog.entries.first(where: { $0.name == name }),
                    let count = arguments.dropFirst().first.flatMap({ Int($0) })
                else { throw BenchmarkError(description: "usage: MicroBenchmarks [NAME COUNT]") }
                try await entry.make().run(count)
                // Without tearing down: what ends the process is not part of the operation.
                exit(0)
            }
            for entry in Catalog.entries {
                let result = Measurement(try await entry.make())
                print(entry.name, result.allocations, result.bytes, result.nanoseconds, entry.about, separator: "\t")
            }
            exit(0)
        } catch {
            print("error: \(error)")
            exit(1)
        }
    }
}
