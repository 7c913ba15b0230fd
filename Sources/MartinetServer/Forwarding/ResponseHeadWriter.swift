package import MartinetHTTP
package import NIOCore

/// Writes the head of an answer as the client gets it.
package enum ResponseHeadWriter {
    package struct Options {
        /// Version of the request: an HTTP/1.0 client is answered in kind.
        package var version: HTTPVersion
        package var framing: BodyFraming
        package var keepAlive: Bool
        /// A body that would have had this length, for answers to HEAD.
        package var announcedLength: UInt64?

        package init(version: HTTPVersion, framing: BodyFraming, keepAlive: Bool, announcedLength: UInt64? = nil) {
            self.version = version
            self.framing = framing
            self.keepAlive = keepAlive
            self.announcedLength = announcedLength
        }
    }

    package static func write(
        _ response: borrowing ResponseHead, _ options: Options, date: ByteBuffer, into out: inout ByteBuffer
    ) {
        let reserve = FieldLines.size(of: response.headers) + response.reason.length + 320
        out.writeRaw(reserving: reserve) { out in
            writeStatusLine(response, version: options.version, to: &out)
            FieldLines.write(response.headers, skipping: HopByHop.response, to: &out)
            if !response.headers.contains(.date) {
                out.write("Date: ")
                out.write(date)
                out.write("\r\n")
            }
            switch options.framing {
            case .none:
                if let length = options.announcedLength { writeLength(length, to: &out) }
            case .length(let length):
                writeLength(length, to: &out)
            case .chunked:
                TrailerAnnouncement.write(response.headers, .response, to: &out)
                out.write("Transfer-Encoding: chunked\r\n")
            case .untilClose:
                break
            }
            if !options.keepAlive {
                out.write("Connection: close\r\n")
            } else if options.version == .http10 {
                out.write("Connection: keep-alive\r\n")
            }
            out.write("\r\n")
        }
    }

    /// An interim answer (RFC 9110 §15.2), or the 101 that opens a tunnel.
    package static func writeInterim(_ response: borrowing ResponseHead, into out: inout ByteBuffer) {
        let reserve = FieldLines.size(of: response.headers) + response.reason.length + 160
        out.writeRaw(reserving: reserve) { out in
            writeStatusLine(response, version: .http11, to: &out)
            if response.status == 101, let token = response.headers.first(.upgrade) {
                out.write("Connection: Upgrade\r\nUpgrade: ")
                response.headers.withBytes(token) { out.write($0) }
                out.write("\r\n")
            }
            FieldLines.write(response.headers, skipping: HopByHop.response, to: &out)
            out.write("\r\n")
        }
    }

    private static func writeStatusLine(
        _ response: borrowing ResponseHead, version: HTTPVersion, to out: inout RawWriter
    ) {
        out.write(version == .http10 ? "HTTP/1.0 " : "HTTP/1.1 ")
        out.write(decimal: UInt64(response.status))
        out.write(UInt8(ascii: " "))
        if let text = StatusText.reason(response.status), response.reason.isEmpty {
            out.write(text)
        } else {
            response.headers.withBytes(response.reason) { out.write($0) }
        }
        out.write("\r\n")
    }

    private static func writeLength(_ length: UInt64, to out: inout RawWriter) {
        out.write("Content-Length: ")
        out.write(decimal: length)
        out.write("\r\n")
    }
}
