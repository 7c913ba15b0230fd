import Glibc

/// What tells, without reading it, that a file has changed.
struct FileIdentity: Equatable {
    private var device: UInt64
    private var inode: UInt64
    private var size: Int64
    /// Nanoseconds since 1970.
    private var modified: Int64
    /// Of the inode; unlike `modified`, a writer cannot set it back.
    private var changed: Int64

    init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    /// Whether the file was written so shortly ago that another write could leave the same times: the kernel's clock for
    /// them ticks every few milliseconds. Such an identity says nothing about a later look.
    var isRecent: Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Self.nanoseconds(now) &- changed < 50_000_000
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
