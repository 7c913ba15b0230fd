import Crypto
import _CryptoExtras

/// `encryptAES` and `decryptAES`: AES-256-CBC in base64, the initialisation vector first.
enum Ciphers {
    static let table: [String: TemplateFunction] = [
        "encryptAES": TemplateFunction(.string, .string) { call throws(Failure) in
            let plain = call.bytes(1)
            if plain.isEmpty { return .string([]) }
            try call.budget.allocate(plain.count * 2)
            let vector = AES._CBC.IV()
            do {
                let cipher = try AES._CBC.encrypt(plain, using: key(call.bytes(0)), iv: vector)
                return .string(EncodingFunctions.base64(Array(vector) + Array(cipher)))
            } catch {
                throw Failure("cannot encrypt: \(error)")
            }
        },
        "decryptAES": TemplateFunction(.string, .string) { call throws(Failure) in
            if call.bytes(1).isEmpty { return .string([]) }
            switch EncodingFunctions.base64Decoded(call.bytes(1)) {
            case .failure(let error): throw Failure("illegal base64 data at input byte \(error.place)")
            case .success(let bytes):
                guard bytes.count > 16, bytes.count % 16 == 0 else {
                    throw Failure("the text was not made by encryptAES")
                }
                do {
                    let vector = try AES._CBC.IV(ivBytes: bytes.prefix(16))
                    return .string(
                        Array(try AES._CBC.decrypt(Array(bytes.dropFirst(16)), using: key(call.bytes(0)), iv: vector)))
                } catch {
                    throw Failure("the password is wrong, or the text was not made by encryptAES")
                }
            }
        },
    ]

    /// The password's first 32 bytes, filled up with zeros.
    private static func key(_ password: [UInt8]) -> SymmetricKey {
        let bytes = password.prefix(32)
        return SymmetricKey(data: bytes + [UInt8](repeating: 0, count: 32 - bytes.count))
    }
}
