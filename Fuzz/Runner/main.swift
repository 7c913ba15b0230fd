// `martinet-fuzz --target=NAME …`: feeds one target with inputs; the rest of the command line is libFuzzer's. The two dashes are
// what makes libFuzzer pass the option on to the processes it starts, and ignore it otherwise.
import CLibFuzzer
import MartinetInvariants

/// What the command line names. A constant of a type, for a C function can capture nothing.
enum Chosen {
    private static let option = "--target="

    static let target = CommandLine.arguments.first { $0.hasPrefix(option) }
        .flatMap { FuzzTarget(rawValue: String($0.dropFirst(option.count))) }
}

/// Traps if an invariant does not hold, which is how libFuzzer learns of it.
func check(_ bytes: UnsafePointer<UInt8>?, _ length: Int) -> CInt {
    do {
        try Chosen.target?.check(Array(UnsafeBufferPointer(start: bytes, count: length)))
    } catch {
        fatalError("\(Chosen.target?.rawValue ?? ""): \(error)")
    }
    return 0
}

guard Chosen.target != nil else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("usage: martinet-fuzz --target=NAME [libFuzzer's options] [folders of inputs]; NAME is one of \(names)")
}

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
let status = LLVMFuzzerRunDriver(&count, &arguments) { check($0, $1) }
guard status == 0 else { fatalError("libFuzzer ended with status \(status)") }
