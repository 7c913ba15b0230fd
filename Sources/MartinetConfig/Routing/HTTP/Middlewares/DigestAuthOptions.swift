/// Asks for user and password (RFC 7616).
package struct DigestAuthOptions: OptionGroup {
    package var users: [String] = []
    package var usersFile = ""
    package var removeHeader = false
    package var realm = ""
    package var headerField = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("users", \.users, "name:realm:hash."),
        .init("usersFile", \.usersFile, "File with one name:realm:hash a line."),
        .init("removeHeader", \.removeHeader, "Whether the Authorization header is kept from the server."),
        .init("realm", \.realm, "Realm (default traefik).", text: .value),
        .init("headerField", \.headerField, "Header that tells the server the user.", text: .name),
    ]
}
