/// Basic authentication.
package struct HTTPAuthOptions: OptionGroup {
    package var username = ""
    package var password = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("username", \.username, "User."),
        .init("password", \.password, "Password.", secret: true),
    ]
}
