import MartinetHTTP

/// Reads media types such as `text/html; charset=utf-8` as strictly as Go's `mime.ParseMediaType`, by which Traefik decides what it
/// compresses.
enum MediaType {
    /// The type without its parameters, unread: of ` text/html ;x` the bytes `text/html`.
    static func name(of value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.count
        return ASCII.trim(UnsafeRawBufferPointer(rebasing: value[..<end]))
    }

    /// Whether the value is a media type with parameters that have values. A semicolon at the end is forgiven.
    static func isReadable(_ value: UnsafeRawBufferPointer) -> Bool {
        let name = name(of: value)
        guard isName(name) else { return false }
        var rest = Reader(value)
        rest.skip { $0 != UInt8(ascii: ";") }
        while !rest.isAtEnd {
            guard rest.take(UInt8(ascii: ";")) else { return false }
            rest.skipBlanks()
            if rest.isAtEnd { return true }
            guard rest.skip(isTokenByte) > 0, rest.take(UInt8(ascii: "=")), rest.skipValue() else { return false }
            rest.skipBlanks()
        }
        return true
    }

    /// `type/subtype`; Go takes a lone `type` for one, too.
    private static func isName(_ name: UnsafeRawBufferPointer) -> Bool {
        var reader = Reader(name)
        guard reader.skip(isTokenByte) > 0 else { return false }
        return reader.isAtEnd || reader.take(UInt8(ascii: "/")) && reader.skip(isTokenByte) > 0 && reader.isAtEnd
    }

    /// RFC 2045 §5.1.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case ...0x20, 0x7F...: false
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "@"),
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "\\"), UInt8(ascii: "\""),
            UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "?"), UInt8(ascii: "="):
            false
        default: true
        }
    }

    /// A place in a value.
    private struct Reader {
        private var rest: Slice<UnsafeRawBufferPointer>

        init(_ value: UnsafeRawBufferPointer) { rest = value[...] }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest.removeFirst()
            return true
        }

        /// Returns how many bytes were skipped.
        @discardableResult
        mutating func skip(_ belongs: (UInt8) -> Bool) -> Int {
            let before = rest.count
            rest = rest.drop(while: belongs)
            return before - rest.count
        }

        mutating func skipBlanks() { skip { $0 == 0x20 || $0 == 0x09 } }

        /// A token or a quoted string.
        mutating func skipValue() -> Bool {
            guard take(UInt8(ascii: "\"")) else { return skip(isTokenByte) > 0 }
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: "\"") { return true }
                if byte == UInt8(ascii: "\\"), rest.popFirst() == nil { return false }
            }
            return false
        }
    }
}
