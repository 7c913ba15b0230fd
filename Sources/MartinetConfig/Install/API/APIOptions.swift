/// The API and the dashboard.
package struct APIOptions: OptionGroup {
    package var insecure = false
    package var dashboard = true
    package var debug = false
    package var basePath = "/"
    package var disableDashboardAd = false
    package var dashboardName = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("insecure", \.insecure, "Whether the entry point traefik serves them to anybody."),
        .init("dashboard", \.dashboard, "Whether there is a dashboard."),
        .init("debug", \.debug, "Debug endpoints."),
        .init("basePath", \.basePath, "Path in front of both.", text: .target),
        .init("disableDashboardAd", \.disableDashboardAd, "No effect."),
        .init("dashboardName", \.dashboardName, "Shown by the dashboard."),
    ]
}
