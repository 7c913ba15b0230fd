import MartinetCore
import MartinetHTTP

/// Whether a 101 switches to what was asked for.
enum UpgradeToken {
    static func matches(_ exchange: Exchange) -> Bool {
        guard let asked = exchange.request.headers.first(.upgrade),
            let given = exchange.response.headers.first(.upgrade)
        else { return false }
        return exchange.request.headers.withBytes(asked) { wanted in
            exchange.response.headers.withBytes(given) { ASCII.equalIgnoringCase(wanted, $0) }
        }
    }
}
