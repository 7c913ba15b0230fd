/// Takes a ClientHello apart (RFC 8446 §4.1.2): strict where lengths disagree, since two readers that see two different names in one
/// hello are how protected hosts get served under other options.
struct ClientHelloParser {
    private var bytes: Slice<UnsafeRawBufferPointer>

    private init(_ bytes: Slice<UnsafeRawBufferPointer>) { self.bytes = bytes }

    /// - Parameter body: the message without its header of four bytes.
    static func parse(_ body: UnsafeRawBufferPointer) throws(TLSAlert) -> ClientHello {
        var hello = ClientHelloParser(body[...])
        guard try hello.number(2) >> 8 == 3 else { throw .protocolVersion }
        _ = try hello.take(32)
        guard try hello.vector(lengthBytes: 1).bytes.count <= 32 else { throw .decodeError }
        var suiteList = try hello.vector(lengthBytes: 2)
        let suites = try suiteList.numbers()
        guard !suites.isEmpty else { throw .decodeError }
        guard !(try hello.vector(lengthBytes: 1).bytes.isEmpty) else { throw .decodeError }
        var extensions = Extensions()
        // Before TLS 1.2 a hello could end here.
        if !hello.bytes.isEmpty {
            var list = try hello.vector(lengthBytes: 2)
            try list.readExtensions(into: &extensions)
        }
        guard hello.bytes.isEmpty else { throw .decodeError }
        return ClientHello(
            serverName: extensions.serverName, protocols: extensions.protocols,
            abilities: ClientAbilities(
                schemes: extensions.schemes, groups: extensions.groups, suites: suites,
                offersTLS13: extensions.versions?.contains(0x0304) ?? false))
    }

    private struct Extensions {
        var serverName: String?
        var protocols: [String]?
        var schemes: [UInt16]?
        var groups: [UInt16]?
        var versions: [UInt16]?
    }

    private mutating func readExtensions(into found: inout Extensions) throws(TLSAlert) {
        var seen = SeenTypes()
        while !bytes.isEmpty {
            let type = try number(2)
            var content = try vector(lengthBytes: 2)
            guard seen.insert(type) else { throw .illegalParameter }
            switch type {
            case 0: found.serverName = try content.serverName()
            case 10: found.groups = try content.list(lengthBytes: 2)
            case 13: found.schemes = try content.list(lengthBytes: 2)
            case 16: found.protocols = try content.protocolNames()
            case 43: found.versions = try content.list(lengthBytes: 1)
            default: continue
            }
            guard content.bytes.isEmpty else { throw .decodeError }
        }
    }

    /// Which types of extensions were there. Nearly all that clients send are below 64.
    private struct SeenTypes {
        private var low: UInt64 = 0
        private var others: Set<Int> = []

        /// Returns whether `type` is new.
        mutating func insert(_ type: Int) -> Bool {
            guard type < 64 else { return others.insert(type).inserted }
            defer { low |= 1 << UInt64(type) }
            return low & (1 << UInt64(type)) == 0
        }
    }

    // MARK: Extensions

    /// `ServerNameList`: one host name, which is all RFC 6066 ever defined.
    private mutating func serverName() throws(TLSAlert) -> String {
        var list = try vector(lengthBytes: 2)
        guard try list.number(1) == 0 else { throw .illegalParameter }
        let name = try list.vector(lengthBytes: 2).bytes
        guard list.bytes.isEmpty else { throw .illegalParameter }
        return try Self.hostName(name)
    }

    /// Letters, digits, `-`, `_` and dots between labels: no trailing dot (RFC 6066 §3), nothing that two readers could see differently.
    private static func hostName(_ bytes: Slice<UnsafeRawBufferPointer>) throws(TLSAlert) -> String {
        guard (1...255).contains(bytes.count) else { throw .decodeError }
        var lower: [UInt8] = []
        lower.reserveCapacity(bytes.count)
        var isLabelEmpty = true
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): lower.append(byte | 0x20)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                lower.append(byte)
            case UInt8(ascii: ".") where !isLabelEmpty:
                lower.append(byte)
                isLabelEmpty = true
                continue
            default: throw .illegalParameter
            }
            isLabelEmpty = false
        }
        guard !isLabelEmpty else { throw .illegalParameter }
        return String(decoding: lower, as: UTF8.self)
    }

    /// `ProtocolNameList`. Names that are no UTF-8 are kept as what they decode to: they equal none of ours.
    private mutating func protocolNames() throws(TLSAlert) -> [String] {
        var list = try vector(lengthBytes: 2)
        var names: [String] = []
        while !list.bytes.isEmpty {
            let name = try list.vector(lengthBytes: 1).bytes
            guard !name.isEmpty else { throw .decodeError }
            names.append(String(decoding: name, as: UTF8.self))
        }
        guard !names.isEmpty else { throw .decodeError }
        return names
    }

    /// Numbers of two bytes behind their length.
    private mutating func list(lengthBytes: Int) throws(TLSAlert) -> [UInt16] {
        var content = try vector(lengthBytes: lengthBytes)
        let found = try content.numbers()
        guard !found.isEmpty else { throw .decodeError }
        return found
    }

    // MARK: Pieces

    private mutating func take(_ count: Int) throws(TLSAlert) -> Slice<UnsafeRawBufferPointer> {
        guard bytes.count >= count else { throw .decodeError }
        let end = bytes.startIndex + count
        let taken = bytes[..<end]
        bytes = bytes[end...]
        return taken
    }

    private mutating func number(_ count: Int) throws(TLSAlert) -> Int {
        guard bytes.count >= count else { throw .decodeError }
        let end = bytes.startIndex + count
        var value = 0
        for index in bytes.startIndex..<end { value = value << 8 | Int(bytes[index]) }
        bytes = bytes[end...]
        return value
    }

    private mutating func vector(lengthBytes: Int) throws(TLSAlert) -> ClientHelloParser {
        let length = try number(lengthBytes)
        return ClientHelloParser(try take(length))
    }

    private mutating func numbers() throws(TLSAlert) -> [UInt16] {
        guard bytes.count.isMultiple(of: 2) else { throw .decodeError }
        var found: [UInt16] = []
        found.reserveCapacity(bytes.count / 2)
        while !bytes.isEmpty { found.append(UInt16(truncatingIfNeeded: try number(2))) }
        return found
    }
}
