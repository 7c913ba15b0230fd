/// What chance decides: another text at each reading of the file.
enum Randoms {
    static let table: [String: TemplateFunction] = [
        "randAlphaNum": letters(digits + small + large), "randAlpha": letters(small + large),
        "randNumeric": letters(digits), "randAscii": letters(Array(0x20..<0x7F)),
        "randInt": TemplateFunction(.int, .int) { call throws(Failure) in
            let (low, high) = (call.int(0), call.int(1))
            guard low < high, !high.subtractingReportingOverflow(low).overflow else {
                throw Failure("invalid argument to Intn", remedy: "the first number is the smaller one")
            }
            return .int(Int.random(in: low..<high))
        },
        "randBytes": TemplateFunction(.int) { call throws(Failure) in
            let count = call.int(0)
            guard count >= 0 else { throw Failure("makeslice: len out of range") }
            try call.budget.allocate(count.multipliedReportingOverflow(by: 3).overflow ? Int.max : count * 3)
            return .string(EncodingFunctions.base64((0..<count).map { _ in UInt8.random(in: 0...255) }))
        },
        "shuffle": TemplateFunction(.string) { call throws(Failure) in
            .string(UTF8Text.bytes(of: UTF8Text.scalars(of: call.bytes(0)).shuffled()))
        },
        "uuidv4": TemplateFunction { call throws(Failure) in
            var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
            bytes[6] = bytes[6] & 0x0F | 0x40
            bytes[8] = bytes[8] & 0x3F | 0x80
            var text = ""
            for (index, byte) in bytes.enumerated() {
                if [4, 6, 8, 10].contains(index) { text += "-" }
                text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            return .text(text)
        },
    ]

    private static let digits = Array("0123456789".utf8)
    private static let small = Array("abcdefghijklmnopqrstuvwxyz".utf8)
    private static let large = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

    private static func letters(_ alphabet: [UInt8]) -> TemplateFunction {
        TemplateFunction(.int) { call throws(Failure) in
            let count = call.int(0)
            guard count > 0 else { return .string([]) }
            try call.budget.allocate(count)
            return .string((0..<count).compactMap { _ in alphabet.randomElement() })
        }
    }
}
