import Glibc

/// The kernel's notices of changes in directories (inotify(7)), read without blocking. Owns its descriptor.
///
/// A watch belongs to an inode, not to a path: the same directory reached by two paths has one watch.
struct INotify: ~Copyable {
    /// The kernel's number of a watch.
    typealias Watch = Int32

    /// What happened to an entry of a watched directory.
    struct Event {
        var watch: Watch
        /// The entry's name; empty when the directory itself is meant.
        var name: String
        /// Events were lost, or the directory is gone: everything has to be looked at again.
        var needsFullScan: Bool
    }

    let descriptor: Int32

    /// Closing a written file counts, writing to it does not: a half-written file is of no use. `IN_ATTRIB` tells that a
    /// file became readable.
    private static let mask =
        UInt32(
            IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF
                | IN_MOVE_SELF
        ) | UInt32(IN_ONLYDIR)

    /// Throws when the system allows no further instance (`fs.inotify.max_user_instances`).
    init() throws(SystemError) {
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { throw SystemError(call: "inotify_init1") }
    }

    deinit { close(descriptor) }

    /// Watches a directory; again for one already watched gives the same number. Symbolic links are followed.
    func watch(_ directory: String) throws(SystemError) -> Watch {
        let watch = inotify_add_watch(descriptor, directory, Self.mask)
        guard watch >= 0 else { throw SystemError(call: "inotify_add_watch") }
        return watch
    }

    func remove(_ watch: Watch) {
        // Fails for a directory that was deleted: the kernel has removed its watch then.
        _ = inotify_rm_watch(descriptor, watch)
    }

    /// All events there are at the moment.
    func drain() -> [Event] {
        var events: [Event] = []
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: MemoryLayout<inotify_event>.alignment) { buffer in
            while true {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                Self.decode(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: &events)
            }
        }
        return events
    }

    private static func decode(_ bytes: UnsafeRawBufferPointer, into events: inout [Event]) {
        let headerSize = MemoryLayout<inotify_event>.size
        var offset = 0
        while offset + headerSize <= bytes.count {
            let header = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let end = offset + headerSize + Int(header.len)
            guard end <= bytes.count else { return }
            // The name is padded with zeros.
            let name = bytes[(offset + headerSize)..<end].prefix { $0 != 0 }
            let lost = UInt32(IN_Q_OVERFLOW | IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)
            events.append(
                Event(
                    watch: header.wd,
                    name: String(decoding: name, as: UTF8.self),
                    needsFullScan: header.mask & lost != 0
                )
            )
            offset = end
        }
    }
}
