import MartinetHTTP

/// Tells what a body is by its first bytes, as Go's `http.DetectContentType` and browsers do (https://mimesniff.spec.whatwg.org).
enum ContentSniffer {
    /// Bytes that are looked at, at most.
    static let window = 512

    /// The media type of a body that begins with `start`; `application/octet-stream` when nothing is known of it.
    static func type(of start: UnsafeRawBufferPointer) -> StaticString {
        let data = UnsafeRawBufferPointer(rebasing: start[..<min(start.count, window)])
        let blanks = data.prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0C || $0 == 0x0D }.count
        let text = UnsafeRawBufferPointer(rebasing: data[blanks...])
        if tags.contains(where: { begins(text, withTag: $0) }) { return "text/html; charset=utf-8" }
        if begins(text, with: "<?xml") { return "text/xml; charset=utf-8" }
        for signature in signatures where signature.matches(data) { return signature.type }
        if isMP4(data) { return "video/mp4" }
        return data.contains(where: isBinary) ? "application/octet-stream" : "text/plain; charset=utf-8"
    }

    // MARK: Text

    private static let tags: [StaticString] = [
        "<!DOCTYPE HTML", "<HTML", "<HEAD", "<SCRIPT", "<IFRAME", "<H1", "<DIV", "<FONT", "<TABLE", "<A", "<STYLE",
        "<TITLE", "<B", "<BODY", "<BR", "<P", "<!--",
    ]

    private static func begins(_ data: UnsafeRawBufferPointer, withTag tag: StaticString) -> Bool {
        let length = tag.utf8CodeUnitCount
        guard data.count > length, data[length] == 0x20 || data[length] == 0x3E else { return false }
        return ASCII.equalIgnoringCase(UnsafeRawBufferPointer(rebasing: data[..<length]), tag)
    }

    private static func begins(_ data: UnsafeRawBufferPointer, with text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        return data.count >= length
            && data[..<length].elementsEqual(UnsafeRawBufferPointer(start: text.utf8Start, count: length))
    }

    /// Control characters that no text has.
    private static func isBinary(_ byte: UInt8) -> Bool {
        byte <= 0x08 || byte == 0x0B || (0x0E...0x1A).contains(byte) || (0x1C...0x1F).contains(byte)
    }

    // MARK: Signatures

    /// Bytes that a kind of file begins with; nil stands for any byte.
    private struct Signature: Sendable {
        let pattern: [UInt8?]
        let type: StaticString

        init(_ type: StaticString, _ pattern: [UInt8?]) {
            self.pattern = pattern
            self.type = type
        }

        init(_ type: StaticString, _ text: String) {
            self.init(type, text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        }

        func matches(_ data: UnsafeRawBufferPointer) -> Bool {
            guard data.count >= pattern.count else { return false }
            for (index, byte) in pattern.enumerated() where byte != nil && byte != data[index] { return false }
            return true
        }
    }

    private static func container(_ outer: String, _ inner: String) -> [UInt8?] {
        Array(outer.utf8) + [nil, nil, nil, nil] + Array(inner.utf8)
    }

    private static let signatures: [Signature] = [
        Signature("application/pdf", "%PDF-"),
        Signature("application/postscript", "%!PS-Adobe-"),
        Signature("text/plain; charset=utf-16be", [0xFE, 0xFF, nil, nil]),
        Signature("text/plain; charset=utf-16le", [0xFF, 0xFE, nil, nil]),
        Signature("text/plain; charset=utf-8", [0xEF, 0xBB, 0xBF, nil]),
        Signature("image/x-icon", "\u{0}\u{0}\u{1}\u{0}"),
        Signature("image/x-icon", "\u{0}\u{0}\u{2}\u{0}"),
        Signature("image/bmp", "BM"),
        Signature("image/gif", "GIF87a"),
        Signature("image/gif", "GIF89a"),
        Signature("image/webp", container("RIFF", "WEBPVP")),
        Signature("image/png", "\u{89}PNG\r\n\u{1A}\n".unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }),
        Signature("image/jpeg", [0xFF, 0xD8, 0xFF]),
        Signature("audio/aiff", container("FORM", "AIFF")),
        Signature("audio/mpeg", "ID3"),
        Signature("application/ogg", "OggS\u{0}"),
        Signature("audio/midi", "MThd\u{0}\u{0}\u{0}\u{6}"),
        Signature("video/avi", container("RIFF", "AVI ")),
        Signature("audio/wave", container("RIFF", "WAVE")),
        Signature("video/webm", [0x1A, 0x45, 0xDF, 0xA3]),
        Signature("application/vnd.ms-fontobject", [UInt8?](repeating: nil, count: 34) + Array("LP".utf8)),
        Signature("font/ttf", [0x00, 0x01, 0x00, 0x00]),
        Signature("font/otf", "OTTO"),
        Signature("font/collection", "ttcf"),
        Signature("font/woff", "wOFF"),
        Signature("font/woff2", "wOF2"),
        Signature("application/x-gzip", [0x1F, 0x8B, 0x08]),
        Signature("application/zip", "PK\u{3}\u{4}"),
        Signature("application/x-rar-compressed", "Rar!\u{1A}\u{7}\u{0}"),
        Signature("application/x-rar-compressed", "Rar!\u{1A}\u{7}\u{1}\u{0}"),
        Signature("application/wasm", "\u{0}asm"),
    ]

    /// A `ftyp` box that names a brand beginning with `mp4`.
    private static func isMP4(_ data: UnsafeRawBufferPointer) -> Bool {
        guard data.count >= 12 else { return false }
        let size = data[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard size <= data.count, size % 4 == 0, data[4..<8].elementsEqual("ftyp".utf8) else { return false }
        // The four bytes at 12 are the version of the brand, not a brand.
        for start in stride(from: 8, to: size, by: 4)
        where start != 12 && data[start..<(start + 3)].elementsEqual("mp4".utf8) {
            return true
        }
        return false
    }
}
