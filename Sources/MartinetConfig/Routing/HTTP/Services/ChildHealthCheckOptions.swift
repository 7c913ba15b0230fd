/// `{}`: the state of the children is handed up.
package struct ChildHealthCheckOptions: OptionGroup {
    package init() {}
    package static let allowsEmpty = true
    package static let fields: [OptionField<Self>] = []
}
