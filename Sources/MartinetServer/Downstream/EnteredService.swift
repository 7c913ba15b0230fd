import MartinetCore

/// A service with middlewares of its own that a request has come to inside another service.
struct EnteredService {
    /// Where its middlewares begin in the exchange's chain.
    let start: Int
    let service: any HTTPService
}
