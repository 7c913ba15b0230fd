package import MartinetConfig

/// What one provider says: its whole routing configuration, which replaces what it said before.
package struct ProviderConfiguration: Sendable, Equatable {
    /// The provider's name, the part after `@` in the names of its objects: `file`, `docker`, …
    package var name: String
    package var routing: DecodedRouting

    package init(name: String, routing: DecodedRouting) {
        self.name = name
        self.routing = routing
    }
}
