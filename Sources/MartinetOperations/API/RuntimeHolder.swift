package import MartinetCore
import Synchronization

/// The routing configuration in force, for the API. Swapped at publication, read by API requests; never on the request path.
package final class RuntimeHolder: Sendable {
    private let value = Mutex(RuntimeConfiguration())

    package init() {}

    package func replace(_ runtime: RuntimeConfiguration) { value.withLock { $0 = runtime } }
    package var current: RuntimeConfiguration { value.withLock { $0 } }
}
