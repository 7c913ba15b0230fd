import MartinetHTTP

extension HTTP1Limits {
    /// Small enough for short inputs to reach them.
    static var small: HTTP1Limits {
        var limits = HTTP1Limits()
        limits.maxHeadBytes = 1024
        limits.maxStartLine = 256
        limits.maxFields = 12
        limits.maxTrailerBytes = 128
        limits.maxChunkLine = 48
        return limits
    }
}
