import Glibc

/// A failed system call.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    package var call: String
    package var code: Int32

    /// Takes `errno`, so it is made right after the call.
    init(call: String, code: Int32 = errno) {
        self.call = call
        self.code = code
    }

    /// The system's words: `no such file or directory`.
    package var reason: String {
        guard let text = strerror(code) else { return "error \(code)" }
        return String(cString: text).lowercased()
    }

    package var description: String { "\(call): \(reason)" }
}
