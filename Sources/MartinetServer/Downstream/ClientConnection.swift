/// A client's connection, as its event loop sees it.
protocol ClientConnection: AnyObject {
    /// Uptime in nanoseconds after which ``deadlinePassed(now:)`` is called; `max` for none.
    var deadline: UInt64 { get }
    func deadlinePassed(now: UInt64)
    /// What it is doing, for those who have to choose which connection to give up.
    var use: ConnectionUse { get }
    /// Whether there is a client's socket behind it, to be counted against the limit of those.
    var hasSocket: Bool { get }
    /// Ends, with whatever word the protocol has for it, because something more urgent needs the place. Called only while the
    /// connection is not busy.
    func giveWay()
    /// The process is stopping: an unused connection ends now, a busy one after its answers.
    func stopAccepting()
    /// Ends at once.
    func close()
}

extension ClientConnection {
    var hasSocket: Bool { true }
    func giveWay() { close() }
}
