import NIOCore

/// One field section on its way from HPACK to a head or trailers (RFC 9113 §8.2 and §8.3). Fields are copied once, into the block
/// that becomes the head's; names in the canonical spelling that HTTP/1 backends get.
struct HTTP2FieldSection: ~Copyable, HPACKFieldSink {
    enum Kind {
        case request, response, trailers
        /// Decoded to keep the table in step, and dropped.
        case discarded
    }

    private(set) var kind = Kind.discarded
    var block = HeaderBlock()
    private(set) var method = ByteRef.empty
    private(set) var scheme = ByteRef.empty
    private(set) var authority = ByteRef.empty
    private(set) var path = ByteRef.empty
    /// RFC 8441 §4.
    private(set) var protocolName = ByteRef.empty
    private(set) var status = ByteRef.empty
    /// Which pseudo-headers came.
    private(set) var pseudo: Pseudo = []
    /// Why the section is malformed; the first reason found.
    private(set) var problem: StaticString?
    /// Whether the section is beyond a limit; the fields beyond it are not kept.
    private(set) var isTooLarge = false

    private let maxBytes: Int
    private let maxFields: Int
    private var bytes = 0
    private var fields = 0
    private var hasRegular = false

    struct Pseudo: OptionSet {
        let rawValue: UInt8
        static let method = Pseudo(rawValue: 1)
        static let scheme = Pseudo(rawValue: 2)
        static let authority = Pseudo(rawValue: 4)
        static let path = Pseudo(rawValue: 8)
        static let protocolName = Pseudo(rawValue: 16)
        static let status = Pseudo(rawValue: 32)
    }

    init(maxBytes: Int, maxFields: Int) {
        self.maxBytes = maxBytes
        self.maxFields = maxFields
    }

    /// Makes ready for another section.
    mutating func begin(_ kind: Kind) {
        self.kind = kind
        block.reset(wire: ByteBuffer())
        method = .empty
        scheme = .empty
        authority = .empty
        path = .empty
        protocolName = .empty
        status = .empty
        pseudo = []
        problem = nil
        isTooLarge = false
        bytes = 0
        fields = 0
        hasRegular = false
    }

    mutating func take(_ field: HPACKField) {
        guard kind != .discarded else { return }
        // RFC 9113 §6.5.2 counts a section like this. Crumbs of a cookie count each: a hundred thousand of them are an attack.
        bytes &+= field.name.count &+ field.value.count &+ HPACKDynamicTable.overhead
        fields &+= 1
        guard bytes <= maxBytes, fields <= maxFields else {
            isTooLarge = true
            return
        }
        guard problem == nil else { return }
        guard field.hasCleanValue else {
            problem = "a field value holds a control character, or begins or ends with a blank (RFC 9113 8.2.1)"
            return
        }
        switch field.kind {
        case .malformed:
            problem = "a field name is empty, has capitals or a character that is not allowed (RFC 9113 8.2.1)"
        case .pseudo:
            takePseudo(field)
        case .plain, .alias:
            takeRegular(field)
        }
    }

    // MARK: Pseudo-headers

    private mutating func takePseudo(_ field: HPACKField) {
        guard !hasRegular else {
            problem = "a pseudo-header behind a header (RFC 9113 8.3)"
            return
        }
        guard let which = Self.pseudo(field.name), allows(which) else {
            problem = "a pseudo-header that does not belong here (RFC 9113 8.3)"
            return
        }
        guard !pseudo.contains(which) else {
            problem = "a pseudo-header twice (RFC 9113 8.3)"
            return
        }
        pseudo.insert(which)
        let value = block.store(field.value)
        switch which {
        case .method: method = value
        case .scheme: scheme = value
        case .authority: authority = value
        case .path: path = value
        case .protocolName: protocolName = value
        default: status = value
        }
    }

    private func allows(_ which: Pseudo) -> Bool {
        switch kind {
        case .request: which != .status
        case .response: which == .status
        case .trailers, .discarded: false
        }
    }

    private static func pseudo(_ name: UnsafeRawBufferPointer) -> Pseudo? {
        if name.elementsEqual((":path" as StaticString).bytes) { return .path }
        if name.elementsEqual((":method" as StaticString).bytes) { return .method }
        if name.elementsEqual((":scheme" as StaticString).bytes) { return .scheme }
        if name.elementsEqual((":authority" as StaticString).bytes) { return .authority }
        if name.elementsEqual((":protocol" as StaticString).bytes) { return .protocolName }
        if name.elementsEqual((":status" as StaticString).bytes) { return .status }
        return nil
    }

    // MARK: Headers

    private mutating func takeRegular(_ field: HPACKField) {
        hasRegular = true
        switch field.id {
        case .connection, .keepAlive, .proxyConnection, .transferEncoding, .upgrade:
            problem = "a header of the connection (RFC 9113 8.2.2)"
            return
        case .te where !ASCII.equalIgnoringCase(field.value, "trailers"):
            problem = "TE other than trailers (RFC 9113 8.2.2)"
            return
        case .contentLength where kind == .trailers:
            problem = "a length behind the body (RFC 9110 6.5.1)"
            return
        case .cookie where kind == .request:
            return takeCookie(field)
        default:
            break
        }
        if field.kind == .alias, FieldParser.isFramingAlias(field.name) {
            problem = "a header name resembles a framing header"
            return
        }
        let name = field.id == .other ? storeCanonical(field.name) : block.store(field.id.name)
        let value = block.store(field.value)
        block.append(
            id: field.id, name: name, value: value, alias: field.kind == .alias, isSensitive: field.isSensitive)
    }

    /// `x-user-id` becomes `X-User-Id`: backends that look at letter case know what HTTP/1 proxies send.
    private mutating func storeCanonical(_ name: UnsafeRawBufferPointer) -> ByteRef {
        withUnsafeTemporaryAllocation(byteCount: name.count, alignment: 1) { copy in
            var begins = true
            for index in name.indices {
                copy[index] = begins ? ASCII.upper(name[index]) : name[index]
                begins = name[index] == 0x2D
            }
            return block.store(UnsafeRawBufferPointer(copy))
        }
    }

    /// Crumbs of a cookie become one line again (RFC 9113 §8.2.3). One that follows another directly lies behind it in the arena,
    /// too, and only makes it longer.
    private mutating func takeCookie(_ field: HPACKField) {
        if let index = block.entries.indices.last, block.entries[index].id == .cookie {
            let first = block.entries[index].value
            let separator = block.store("; ")
            if Int(separator.offset) == Int(first.offset) + first.length {
                _ = block.store(field.value)
                let length = first.length + separator.length + field.value.count
                block.replaceValue(at: index, with: ByteRef(offset: Int(first.offset), length: length, owned: true))
                return
            }
        }
        let name = block.store(HeaderID.cookie.name)
        let value = block.store(field.value)
        block.append(id: .cookie, name: name, value: value, isSensitive: field.isSensitive)
    }

    /// Joins the crumbs that other fields stand between. Once for all of them: a copy for each would let a small request fill
    /// megabytes.
    mutating func joinCookies() {
        guard block.count(of: .cookie) > 1 else { return }
        var joined: [UInt8] = []
        var isFirst = true
        for entry in block.entries where entry.id == .cookie {
            if !isFirst { joined.append(contentsOf: [0x3B, 0x20]) }
            block.withBytes(entry.value) { joined.append(contentsOf: $0) }
            isFirst = false
        }
        let value = joined.withUnsafeBytes { block.store($0) }
        isFirst = true
        block.removeAll { _, entry in
            guard entry.id == .cookie else { return false }
            defer { isFirst = false }
            return !isFirst
        }
        if let index = block.entries.firstIndex(where: { $0.id == .cookie }) {
            block.replaceValue(at: index, with: value)
        }
    }
}
