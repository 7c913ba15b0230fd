/// Base64 and base32. As in sprig, what cannot be decoded gives the text of the error.
enum EncodingFunctions {
    static let table: [String: TemplateFunction] = [
        "b64enc": TemplateFunction(.string) { call throws(Failure) in
            try call.budget.string(encoded(call.bytes(0), base64Digits, bits: 6, group: 4))
        },
        "b64dec": TemplateFunction(.string) { call throws(Failure) in
            switch decoded(call.bytes(0), base64Digits, bits: 6, group: 4) {
            case .success(let bytes): try call.budget.string(bytes)
            case .failure(let error): .text("illegal base64 data at input byte \(error.place)")
            }
        },
        "b32enc": TemplateFunction(.string) { call throws(Failure) in
            try call.budget.string(encoded(call.bytes(0), base32Digits, bits: 5, group: 8))
        },
        "b32dec": TemplateFunction(.string) { call throws(Failure) in
            switch decoded(call.bytes(0), base32Digits, bits: 5, group: 8) {
            case .success(let bytes): try call.budget.string(bytes)
            case .failure(let error): .text("illegal base32 data at input byte \(error.place)")
            }
        },
    ]

    /// Where an encoded text is wrong, in bytes.
    struct Corrupt: Error { var place: Int }

    private static let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let base32Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    private static let padding = UInt8(ascii: "=")

    static func base64(_ bytes: [UInt8]) -> [UInt8] { encoded(bytes, base64Digits, bits: 6, group: 4) }

    static func base64Decoded(_ text: [UInt8]) -> Result<[UInt8], Corrupt> {
        decoded(text, base64Digits, bits: 6, group: 4)
    }

    /// - Parameters:
    ///   - bits: how many a digit stands for.
    ///   - group: digits that stand for whole bytes together.
    private static func encoded(_ bytes: [UInt8], _ alphabet: [UInt8], bits: UInt32, group: Int) -> [UInt8] {
        var out: [UInt8] = []
        var held: UInt32 = 0
        var count: UInt32 = 0
        for byte in bytes {
            held = (held << 8 | UInt32(byte)) & 0xFFFF
            count += 8
            while count >= bits {
                count -= bits
                out.append(alphabet[Int(held >> count) & (alphabet.count - 1)])
            }
        }
        if count > 0 { out.append(alphabet[Int(held << (bits - count)) & (alphabet.count - 1)]) }
        while out.count % group != 0 { out.append(padding) }
        return out
    }

    private static func decoded(
        _ text: [UInt8], _ alphabet: [UInt8], bits: UInt32, group: Int
    ) -> Result<[UInt8], Corrupt> {
        var digits: [(value: UInt32, place: Int)] = []
        var out: [UInt8] = []
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == 0x0A || byte == 0x0D {
                index += 1
                continue
            }
            if byte == padding { return end(text, from: index, digits, out, bits, group) }
            guard let value = alphabet.firstIndex(of: byte) else { return .failure(Corrupt(place: index)) }
            digits.append((UInt32(value), index))
            index += 1
            if digits.count == group {
                out += bytes(digits, bits)
                digits = []
            }
        }
        // Go tells the place where the incomplete group begins.
        return digits.isEmpty ? .success(out) : .failure(Corrupt(place: text.count - digits.count))
    }

    /// The padding, behind which nothing may stand.
    private static func end(
        _ text: [UInt8], from start: Int, _ digits: [(value: UInt32, place: Int)], _ out: [UInt8], _ bits: UInt32,
        _ group: Int
    ) -> Result<[UInt8], Corrupt> {
        let wanted = group - digits.count
        // The digits must hold at least a byte more than the bits that are left over.
        let isPossible = UInt32(digits.count) * bits % 8 < bits && digits.count > 1
        guard isPossible else { return .failure(Corrupt(place: start)) }
        var count = 0
        for index in start..<text.count {
            let byte = text[index]
            if byte == 0x0A || byte == 0x0D { continue }
            guard byte == padding, count < wanted else {
                return .failure(Corrupt(place: count < wanted ? index - 1 : index))
            }
            count += 1
        }
        guard count == wanted else { return .failure(Corrupt(place: text.count)) }
        return .success(out + bytes(digits, bits))
    }

    private static func bytes(_ digits: [(value: UInt32, place: Int)], _ bits: UInt32) -> [UInt8] {
        var out: [UInt8] = []
        var held: UInt32 = 0
        var count: UInt32 = 0
        for digit in digits {
            held = (held << bits | digit.value) & 0xFFFF
            count += bits
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: held >> count))
            }
        }
        return out
    }
}
