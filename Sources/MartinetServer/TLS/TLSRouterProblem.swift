/// What is wrong with the TLS options of a router.
package struct TLSRouterProblem: Equatable, Sendable {
    /// Whether the router must not be built; else it is shown with a warning.
    package var disables: Bool
    /// In Traefik's words, where it has some.
    package var reason: String
    package var remedy: String?
}
