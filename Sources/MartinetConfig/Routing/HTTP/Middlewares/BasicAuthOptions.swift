/// Asks for user and password (RFC 7617).
package struct BasicAuthOptions: OptionGroup {
    package var users: [String] = []
    package var usersFile = ""
    package var realm = ""
    package var removeHeader = false
    package var headerField = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("users", \.users, "name:hash, with apr1, crypt, SHA or bcrypt hashes."),
        .init("usersFile", \.usersFile, "File with one name:hash a line."),
        .init("realm", \.realm, "Realm shown to users (default traefik).", text: .value),
        .init("removeHeader", \.removeHeader, "Whether the Authorization header is kept from the server."),
        .init("headerField", \.headerField, "Header that tells the server the user.", text: .name),
    ]
}
