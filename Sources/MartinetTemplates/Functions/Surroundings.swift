/// What a template may learn of the world. There are no functions for files.
enum Surroundings {
    static let table: [String: TemplateFunction] = [
        "env": TemplateFunction(.string) { call throws(Failure) in
            try call.budget.text(call.surroundings.environment(call.text(0)) ?? "")
        },
        "expandenv": TemplateFunction(.string) { call throws(Failure) in try call.budget.string(try expanded(call)) },
        // Each look-up may take seconds: a few are the limit.
        "getHostByName": TemplateFunction(.string, cost: 500_000) { call throws(Failure) in
            guard let address = call.surroundings.addresses(call.text(0)).randomElement() else {
                throw Failure("no address is known of \(call.text(0))")
            }
            return .text(address)
        },
    ]

    /// Go's `os.Expand`: `$name`, `${name}`, `$$` and the other special names of shells, which are empty.
    private static func expanded(_ call: Call) throws(Failure) -> [UInt8] {
        let text = call.bytes(0)
        var out: [UInt8] = []
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "$"), index + 1 < text.count else {
                out.append(text[index])
                index += 1
                continue
            }
            index += 1
            var name: [UInt8] = []
            if text[index] == UInt8(ascii: "{") {
                guard let close = text[index...].firstIndex(of: UInt8(ascii: "}")) else {
                    // Go drops the brace of a name that does not end.
                    index += 1
                    continue
                }
                name = Array(text[(index + 1)..<close])
                index = close + 1
            } else if "*#$@!?-0123456789".utf8.contains(text[index]) {
                name = [text[index]]
                index += 1
            } else {
                while let byte = text[safe: index],
                    byte == UInt8(ascii: "_") || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
                {
                    name.append(byte)
                    index += 1
                }
                if name.isEmpty {
                    out.append(UInt8(ascii: "$"))
                    continue
                }
            }
            let value = call.surroundings.environment(String(decoding: name, as: UTF8.self)) ?? ""
            try call.budget.allocate(value.utf8.count)
            out += value.utf8
        }
        return out
    }
}
