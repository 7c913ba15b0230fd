/// The static table (RFC 7541 appendix A) and the ways to look things up in it.
struct HPACKStaticTable: Sendable {
    struct Entry: Sendable {
        let name: StaticString
        let value: StaticString
        let id: HeaderID
        let kind: HPACKNameKind
    }

    static let shared = HPACKStaticTable()

    /// Entry `n` of the RFC is `entries[n - 1]`.
    let entries: [Entry]
    /// First entry of a name, by ``HeaderID``; 0 for none.
    private let indices: [UInt8]
    /// Entries whose names have no id of ours, a handful.
    private let others: [UInt8]

    private init() {
        var indices = [UInt8](repeating: 0, count: 256)
        var others: [UInt8] = []
        entries = Self.rows.map { name, value in
            Entry(name: name, value: value, id: HeaderID.lookup(name.bytes), kind: HPACKNameKind(name.bytes))
        }
        for (index, entry) in entries.enumerated() where entry.kind != .pseudo {
            let number = UInt8(truncatingIfNeeded: index + 1)
            if entry.id == .other {
                others.append(number)
            } else if indices[Int(entry.id.rawValue)] == 0 {
                indices[Int(entry.id.rawValue)] = number
            }
        }
        self.indices = indices
        self.others = others
    }

    /// The index of the first entry of that name; 0 when there is none. Not for pseudo-headers.
    func index(of name: UnsafeRawBufferPointer, id: HeaderID) -> Int {
        if id != .other { return Int(indices[Int(id.rawValue)]) }
        for number in others where ASCII.equalIgnoringCase(name, entries[Int(number) - 1].name) { return Int(number) }
        return 0
    }

    // Indices of pseudo-headers, for writing.
    static let authority = 1
    static let methodGet = 2
    static let methodPost = 3
    static let path = 4
    static let schemeHTTP = 6
    static let schemeHTTPS = 7
    static let status = 8
    static let count = 61

    /// The index of a status with an entry of its own; 0 for the others.
    static func index(ofStatus status: UInt16) -> Int {
        switch status {
        case 200: 8
        case 204: 9
        case 206: 10
        case 304: 11
        case 400: 12
        case 404: 13
        case 500: 14
        default: 0
        }
    }

    private static let rows: [(StaticString, StaticString)] = [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"),
        (":scheme", "http"), (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"),
        (":status", "304"), (":status", "400"), (":status", "404"), (":status", "500"), ("accept-charset", ""),
        ("accept-encoding", "gzip, deflate"), ("accept-language", ""), ("accept-ranges", ""), ("accept", ""),
        ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""), ("cache-control", ""),
        ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
        ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""), ("date", ""),
        ("etag", ""), ("expect", ""), ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""),
        ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""), ("if-unmodified-since", ""),
        ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""), ("proxy-authenticate", ""),
        ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""),
        ("server", ""), ("set-cookie", ""), ("strict-transport-security", ""), ("transfer-encoding", ""),
        ("user-agent", ""), ("vary", ""), ("via", ""), ("www-authenticate", ""),
    ]
}
