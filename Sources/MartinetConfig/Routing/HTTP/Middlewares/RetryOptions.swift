/// Sends failed requests again.
package struct RetryOptions: OptionGroup {
    package var attempts = 0
    package var initialInterval: OptionDuration?
    package var timeout: OptionDuration?
    package var maxRequestBodyBytes: Int? = Self.defaultMaxRequestBodyBytes
    package var status: [String] = []
    package var disableRetryOnNetworkError = false
    package var retryNonIdempotentMethod = false

    /// Bytes.
    package static let defaultMaxRequestBodyBytes = 2 << 20

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("attempts", \.attempts, "Tries in all."),
        .init("initialInterval", \.initialInterval, "First pause; it grows, and varies by half (default 0)."),
        .init("timeout", \.timeout, "Time after which no try begins (default 0: no bound)."),
        .init(
            "maxRequestBodyBytes", \.maxRequestBodyBytes, "Largest body kept for another try (default 2 MiB; -1: any)."
        ),
        .init("status", \.status, "Statuses that count as failures, for example 500-599."),
        .init("disableRetryOnNetworkError", \.disableRetryOnNetworkError, "Whether network errors are final."),
        .init(
            "retryNonIdempotentMethod", \.retryNonIdempotentMethod,
            "Whether POST, LOCK and PATCH are sent again for a status, too."
        ),
    ]
}
