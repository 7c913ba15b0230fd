/// Case folding and comparison on raw bytes; letters outside ASCII are never folded.
///
/// Public, as some other types of this module are, because the compiler inlines across modules only what is public.
public enum ASCII {
    /// Whether the two are equal when `A`–`Z` count as `a`–`z`.
    @inlinable
    public static func equalIgnoringCase(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        guard a.count == b.count else { return false }
        for index in 0..<a.count where lower(a[index]) != lower(b[index]) {
            return false
        }
        return true
    }

    @inlinable
    public static func equalIgnoringCase(_ a: UnsafeRawBufferPointer, _ b: StaticString) -> Bool {
        equalIgnoringCase(a, UnsafeRawBufferPointer(start: b.utf8Start, count: b.utf8CodeUnitCount))
    }

    /// Whether the bytes are those of the literal.
    @inlinable
    public static func equal(_ a: UnsafeRawBufferPointer, _ b: StaticString) -> Bool {
        guard a.count == b.utf8CodeUnitCount else { return false }
        let other = b.utf8Start
        for index in 0..<a.count where a[index] != other[index] { return false }
        return true
    }

    @inlinable @inline(__always)
    public static func lower(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    @inlinable @inline(__always)
    public static func upper(_ byte: UInt8) -> UInt8 {
        byte &- 0x61 < 26 ? byte & 0xDF : byte
    }

    /// Whether the comma-separated list `value` holds `token`, letter case ignored (RFC 9110 §5.6.1).
    package static func list(_ value: UnsafeRawBufferPointer, contains token: StaticString) -> Bool {
        var found = false
        forEachListItem(value) { item in
            if equalIgnoringCase(item, token) { found = true }
        }
        return found
    }

    /// Calls `body` with each item of a comma-separated list, blanks around it removed, empty items skipped.
    @inlinable
    public static func forEachListItem(_ value: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        while start < value.count {
            var end = start
            while end < value.count, value[end] != 0x2C { end += 1 }
            let item = trim(UnsafeRawBufferPointer(rebasing: value[start..<end]))
            if item.count > 0 { body(item) }
            start = end + 1
        }
    }

    /// `value` without the blanks and tabs around it (RFC 9110 §5.5).
    @inlinable
    public static func trim(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var start = 0
        var end = value.count
        while start < end, value[start] == 0x20 || value[start] == 0x09 { start += 1 }
        while end > start, value[end - 1] == 0x20 || value[end - 1] == 0x09 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: value[start..<end])
    }
}

extension StaticString {
    /// The bytes of the literal.
    @inlinable
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}
