import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension ByteBuffer {
    /// The shortest decimal that reads back as the same number. `value` must be finite.
    mutating func writeJSONNumber(_ value: Double) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            guard let start = text.baseAddress else { return }
            for digits in Int32(15)...17 {
                gcvt(value, digits, start)
                if strtod(start, nil) == value { break }
            }
            writeBytes(UnsafeRawBufferPointer(start: start, count: strlen(start)))
        }
    }
}
