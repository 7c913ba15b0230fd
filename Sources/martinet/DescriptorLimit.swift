#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How many files and connections the process may have open at once. A proxied connection takes two.
enum DescriptorLimit {
    /// Raises the soft limit to the hard one, as the Go runtime does for Traefik. Returns the limit in force; nil if the system does
    /// not tell.
    static func raise() -> UInt64? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        guard limit.rlim_cur < limit.rlim_max else { return UInt64(limit.rlim_cur) }
        var wanted = limit
        wanted.rlim_cur = limit.rlim_max
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &wanted) == 0 else {
            return UInt64(limit.rlim_cur)
        }
        return UInt64(wanted.rlim_cur)
    }
}
