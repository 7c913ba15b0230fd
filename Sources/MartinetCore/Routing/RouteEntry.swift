/// A router as the routing table takes it. A class, so that sorting and copying a table of thousands moves references.
package final class RouteEntry<Payload: Sendable>: Sendable {
    package let rule: CompiledRule
    /// Higher comes first. The caller has put the rule's length in bytes for a priority of 0.
    package let priority: Int64
    /// Place of the router's provider in the order of precedence; lower comes first among equal priorities.
    package let order: Int
    /// Breaks what ties remain, so that the same configuration always routes alike.
    package let name: String
    package let payload: Payload

    package init(rule: CompiledRule, priority: Int64, order: Int, name: String, payload: Payload) {
        self.rule = rule
        self.priority = priority
        self.order = order
        self.name = name
        self.payload = payload
    }

    /// Whether this router is asked before `other`: by priority, then by provider, then by name.
    package func precedes(_ other: RouteEntry) -> Bool {
        if priority != other.priority { return priority > other.priority }
        if order != other.order { return order < other.order }
        return name < other.name
    }
}
