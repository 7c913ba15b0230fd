/// Where finished exchanges are told; one instance an event loop, so that nothing is shared on the request path.
package protocol AccessLogSink: AnyObject {
    /// Called on the event loop once for each request that came as far as routing, before ``Exchange/reset()``.
    func record(_ exchange: Exchange, _ figures: ExchangeFigures)
    /// Called at the end of an event loop tick in which something was recorded: hand over what was formatted.
    func flush()
}

/// The measured side of a finished exchange. Durations in nanoseconds, sizes in bytes.
package struct ExchangeFigures: Sendable {
    /// Wall clock of the request's arrival: nanoseconds since 1970.
    package var startedWall: Int64 = 0
    package var duration: Int64 = 0
    /// From choosing the server, the wait for a connection included, until its answer was complete or the attempt had failed; 0
    /// when none was asked. Of several attempts the last.
    package var originDuration: Int64 = 0
    /// Status sent to the client; 0 for an upgraded connection.
    package var downstreamStatus: UInt16 = 0
    /// Status the server answered, or what stands for it when it could not be reached; 0 when none was asked, and for an upgraded
    /// connection.
    package var originStatus: UInt16 = 0
    package var requestBytes: UInt64 = 0
    package var originBytes: UInt64 = 0
    package var downstreamBytes: UInt64 = 0

    package init() {}
}
