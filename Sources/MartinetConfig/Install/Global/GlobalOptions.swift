/// What concerns the whole process.
package struct GlobalOptions: OptionGroup {
    package var checkNewVersion = false
    package var sendAnonymousUsage = false
    package var notAppendXForwardedFor = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("checkNewVersion", \.checkNewVersion, "No effect: Martinet does not call home."),
        .init("sendAnonymousUsage", \.sendAnonymousUsage, "No effect: Martinet does not call home."),
        .init("notAppendXForwardedFor", \.notAppendXForwardedFor, "Whether the peer is left out of X-Forwarded-For."),
    ]
}
