/// The cookie by which a client is kept on a server. What cannot stand in a cookie's name is replaced, in its path and domain left
/// out, as by Traefik.
package struct CookieOptions: OptionGroup {
    package var name = ""
    package var secure = false
    package var httpOnly = false
    package var sameSite = ""
    package var maxAge = 0
    package var path: String? = "/"
    package var domain = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("name", \.name, "Its name; made from the service's when empty."),
        .init("secure", \.secure, "For HTTPS only."),
        .init("httpOnly", \.httpOnly, "Hidden from scripts."),
        .init("sameSite", \.sameSite, "none, lax or strict.", text: .value),
        .init("maxAge", \.maxAge, "Seconds it lives; 0: the session, negative: expire now."),
        .init("path", \.path, "Path it is sent for (default /)."),
        .init("domain", \.domain, "Domain it is sent to."),
    ]
}
