import MartinetHTTP

/// Which media types are compressed: all but some, or some only.
struct CompressibleTypes: Sendable {
    private let excluded: [[UInt8]]
    private let included: [[UInt8]]

    /// The names of types, without parameters. Throws on one that cannot be read, or when both lists are given.
    init(excluded: [String], included: [String]) throws(MiddlewareError) {
        guard excluded.isEmpty || included.isEmpty else {
            throw MiddlewareError(
                "compress: excludedContentTypes and includedContentTypes exclude each other", remedy: "give one")
        }
        self.excluded = try Self.names(excluded, of: "excludedContentTypes") + [Array("application/grpc".utf8)]
        self.included = try Self.names(included, of: "includedContentTypes")
    }

    /// Whether only some types are compressed.
    var isSelection: Bool { !included.isEmpty }

    func excludes(_ type: UnsafeRawBufferPointer) -> Bool { Self.list(excluded, holds: type) }

    func admits(_ type: UnsafeRawBufferPointer) -> Bool {
        isSelection ? Self.list(included, holds: type) : !excludes(type)
    }

    private static func list(_ names: [[UInt8]], holds type: UnsafeRawBufferPointer) -> Bool {
        let name = MediaType.name(of: type)
        return names.contains { $0.withUnsafeBytes { ASCII.equalIgnoringCase($0, name) } }
    }

    private static func names(_ values: [String], of option: String) throws(MiddlewareError) -> [[UInt8]] {
        var names: [[UInt8]] = []
        for value in values {
            let name = Array(value.utf8).withUnsafeBytes {
                MediaType.isReadable($0) ? Array(MediaType.name(of: $0)) : nil
            }
            guard let name else {
                throw MiddlewareError(
                    "compress.\(option): \"\(value)\" is no media type", remedy: "write for example text/html")
            }
            names.append(name)
        }
        return names
    }
}
