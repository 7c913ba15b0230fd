// `martinet-fuzz --target=NAME …`: feeds one target with inputs; the rest of the command line is libFuzzer's. The two dashes are
// what makes libFuzzer pass the option on to the processes it starts, and ignore it otherwise.
import CLibFuzzer
import MartinetInvariants

/// Traps if an invariant does not hold, which is how libFuzzer learns of it.
func check(_ target: FuzzTarget, _ bytes: UnsafePointer<UInt8>?, _ length: Int) -> CInt {
    do {
        try target.check(Array(UnsafeBufferPointer(start: bytes, count: length)))
    } catch {
        fatalError("\(target.rawValue): \(error)")
    }
    return 0
}

let option = "--target="
let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
guard let name = CommandLine.arguments.first(where: { $0.hasPrefix(option) })?.dropFirst(option.count),
    let target = FuzzTarget(rawValue: String(name))
else {
    fatalError("usage: martinet-fuzz --target=NAME [libFuzzer's options] [folders of inputs]; NAME is one of \(names)")
}

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
// A C function can capture nothing, so each target has its own.
let status =
    switch target {
    case .requestHead: LLVMFuzzerRunDriver(&count, &arguments) { check(.requestHead, $0, $1) }
    case .chunkedBody: LLVMFuzzerRunDriver(&count, &arguments) { check(.chunkedBody, $0, $1) }
    case .responseHead: LLVMFuzzerRunDriver(&count, &arguments) { check(.responseHead, $0, $1) }
    case .clientHello: LLVMFuzzerRunDriver(&count, &arguments) { check(.clientHello, $0, $1) }
    case .proxyHeader: LLVMFuzzerRunDriver(&count, &arguments) { check(.proxyHeader, $0, $1) }
    case .hpack: LLVMFuzzerRunDriver(&count, &arguments) { check(.hpack, $0, $1) }
    case .http2Server: LLVMFuzzerRunDriver(&count, &arguments) { check(.http2Server, $0, $1) }
    case .http2Client: LLVMFuzzerRunDriver(&count, &arguments) { check(.http2Client, $0, $1) }
    case .rules: LLVMFuzzerRunDriver(&count, &arguments) { check(.rules, $0, $1) }
    case .yaml: LLVMFuzzerRunDriver(&count, &arguments) { check(.yaml, $0, $1) }
    case .toml: LLVMFuzzerRunDriver(&count, &arguments) { check(.toml, $0, $1) }
    case .templates: LLVMFuzzerRunDriver(&count, &arguments) { check(.templates, $0, $1) }
    }
guard status == 0 else { fatalError("libFuzzer ended with status \(status)") }
