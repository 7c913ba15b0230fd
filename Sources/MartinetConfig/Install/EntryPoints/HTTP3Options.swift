/// HTTP/3.
package struct HTTP3Options: OptionGroup {
    package var advertisedPort = 0

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("advertisedPort", \.advertisedPort, "Port told to clients; 0: the entry point's.")
    ]
}
