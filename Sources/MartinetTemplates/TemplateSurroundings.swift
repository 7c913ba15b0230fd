import Glibc

/// What templates may learn of the world: what Traefik's may, and no files.
package struct TemplateSurroundings: Sendable {
    /// The value of an environment variable.
    package var environment: @Sendable (String) -> String?
    /// Seconds and nanoseconds since 1970, UTC.
    package var now: @Sendable () -> (seconds: Int64, nanoseconds: Int32)
    /// Addresses of a host, as the system's resolver tells; blocks.
    package var addresses: @Sendable (String) -> [String]

    package init(
        environment: @escaping @Sendable (String) -> String?,
        now: @escaping @Sendable () -> (seconds: Int64, nanoseconds: Int32),
        addresses: @escaping @Sendable (String) -> [String]
    ) {
        self.environment = environment
        self.now = now
        self.addresses = addresses
    }

    /// Those of this process.
    package static let process = TemplateSurroundings(
        environment: { name in getenv(name).map { String(cString: $0) } },
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return (Int64(time.tv_sec), Int32(truncatingIfNeeded: time.tv_nsec))
        },
        addresses: { HostLookup.addresses(of: $0) }
    )
}
