import NIOCore

/// How foreign bytes are made safe in a line, by the line's format.
enum AccessLogEscaping {
    case common, json
}

extension ByteBuffer {
    mutating func write(_ bytes: UnsafeRawBufferPointer, escaped escaping: AccessLogEscaping) {
        switch escaping {
        case .common: writeCommonEscaped(bytes)
        case .json: writeJSONEscaped(bytes)
        }
    }
}
