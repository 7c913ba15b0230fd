/// Keeps a client on the server that answered it first.
package struct StickyOptions: OptionGroup {
    package var cookie: CookieOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [.init("cookie", \.cookie, "The cookie that names the server.")]
}
