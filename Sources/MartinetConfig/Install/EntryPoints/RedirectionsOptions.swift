/// Redirection of all requests.
package struct RedirectionsOptions: OptionGroup {
    package var entryPoint: EntryPointRedirectionOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("entryPoint", \.entryPoint, "To another entry point.")
    ]
}
