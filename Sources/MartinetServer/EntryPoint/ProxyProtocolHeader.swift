package import MartinetCore
import MartinetHTTP

/// The PROXY protocol, in which a load balancer says before the first byte of a connection whose it is. Versions 1 (a line of text)
/// and 2 (binary); HAProxy's `proxy-protocol.txt` is their specification.
///
/// Without state: each call looks at all bytes there are. The header is at most ``longest`` bytes, so that a sender who splits it
/// into single bytes costs little.
package enum ProxyProtocolHeader {
    /// What the first bytes of a connection are.
    package enum Reading: Sendable, Equatable {
        /// A header that is not whole yet, or what may become one.
        case needsMore
        /// No header: the bytes belong to the connection.
        case none
        /// A header of `length` bytes. `source` is nil when it names no address: a health check of the balancer's own (`LOCAL`),
        /// or a protocol without (`UNKNOWN`).
        case header(source: Source?, length: Int)
        /// Begins as a header and is none.
        case malformed
    }

    /// Where the connection comes from.
    package struct Source: Sendable, Equatable {
        package let address: IPAddress
        package let port: UInt16

        package init(address: IPAddress, port: UInt16) {
            self.address = address
            self.port = port
        }
    }

    /// Bytes of the longest version 2 header that is read: its values (TLS names, tokens of clouds) hardly fill 500.
    package static let longest = 4096
    /// Bytes of the longest line of version 1, its end included (specification §2.1).
    static let longestLine = 107

    private static let signature1: StaticString = "PROXY "
    private static let signature2: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// Reads what is there of a connection.
    package static func read(_ bytes: UnsafeRawBufferPointer) -> Reading {
        if zip(bytes, signature2).allSatisfy({ $0 == $1 }) {
            return bytes.count < 16 ? .needsMore : binary(bytes)
        }
        if zip(bytes, signature1.bytes).allSatisfy({ $0 == $1 }) {
            return bytes.count < signature1.utf8CodeUnitCount ? .needsMore : line(bytes)
        }
        return .none
    }

    // MARK: Version 1

    private static func line(_ bytes: UnsafeRawBufferPointer) -> Reading {
        let window = UnsafeRawBufferPointer(rebasing: bytes.prefix(longestLine))
        guard let end = window.firstIndex(of: 0x0A) else { return window.count < longestLine ? .needsMore : .malformed }
        guard window[end - 1] == 0x0D else { return .malformed }
        let text = String(decoding: window[signature1.utf8CodeUnitCount..<(end - 1)], as: UTF8.self)
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        // Behind UNKNOWN anything may stand, and is to be ignored.
        if words.first == "UNKNOWN" { return .header(source: nil, length: end + 1) }
        guard words.count == 5, words[0] == "TCP4" || words[0] == "TCP6",
            let source = address(words[1], of: words[0]), address(words[2], of: words[0]) != nil,
            let sourcePort = port(words[3]), port(words[4]) != nil
        else { return .malformed }
        return .header(source: Source(address: source, port: sourcePort), length: end + 1)
    }

    /// An address of the family, without zone; `TCP6` may also carry IPv4 ones, which some senders write so.
    private static func address(_ text: Substring, of family: Substring) -> IPAddress? {
        guard family == "TCP6" || !text.contains(":"), !text.contains("%") else { return nil }
        return IPAddress(String(text))
    }

    private static func port(_ text: Substring) -> UInt16? {
        guard text == "0" || text.first != "0", text.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        return UInt16(text)
    }

    // MARK: Version 2

    /// ```
    ///  0            12      13         14         16
    ///  | signature  | 2,cmd | fam,prot | length   | addresses, then values nobody here reads |
    /// ```
    private static func binary(_ bytes: UnsafeRawBufferPointer) -> Reading {
        let command = bytes[12]
        guard command == 0x20 || command == 0x21, bytes[13] >> 4 <= 3, bytes[13] & 15 <= 2 else { return .malformed }
        let length = Int(bytes[14]) << 8 | Int(bytes[15])
        let total = 16 + length
        // What cannot become a header is refused at once, not when all of it is here.
        guard total <= longest else { return .malformed }
        let family = bytes[13] >> 4
        let addressBytes =
            switch family {
            case 1: 12
            case 2: 36
            case 3: 216
            default: 0
            }
        guard command == 0x20 || length >= addressBytes else { return .malformed }
        guard bytes.count >= total else { return .needsMore }
        guard command == 0x21 else { return .header(source: nil, length: total) }
        switch family {
        case 1:
            return .header(
                source: Source(address: IPAddress(v4: UInt32(number(bytes[16..<20]))), port: port(bytes, 24)),
                length: total)
        case 2:
            return .header(
                source: Source(address: IPAddress(value: number(bytes[16..<32])), port: port(bytes, 48)), length: total)
        default:
            // A UNIX socket or no address at all: the connection's own stays.
            return .header(source: nil, length: total)
        }
    }

    private static func port(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt16 {
        UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
    }

    private static func number(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt128 {
        bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }
}
