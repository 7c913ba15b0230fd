/// A client's connection, as its event loop sees it.
protocol ClientConnection: AnyObject {
    /// Uptime in nanoseconds after which ``deadlinePassed(now:)`` is called; `max` for none.
    var deadline: UInt64 { get }
    func deadlinePassed(now: UInt64)
    /// The process is stopping: an unused connection ends now, a busy one after its answers.
    func stopAccepting()
    /// Ends at once.
    func close()
}
