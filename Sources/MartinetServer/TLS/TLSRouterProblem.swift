/// What is wrong with the TLS options of a router.
package struct TLSRouterProblem: Equatable, Sendable {
    /// Whether the router must not be built; else it is shown with a warning.
    package var disables: Bool
    /// In Traefik's words, where it has some.
    package var reason: String
    package var remedy: String?
    /// Whether the options asked for cannot be given: Traefik's API then shows the router under another name
    /// (``TLSRouter/conflictName(of:on:)``).
    package var isConflict = false
}
