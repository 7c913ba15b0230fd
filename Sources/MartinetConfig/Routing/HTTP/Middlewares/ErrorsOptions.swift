/// Replaces error answers by pages of a service.
package struct ErrorsOptions: OptionGroup {
    package var status: [String] = []
    package var statusRewrites: [String: Int] = [:]
    package var service = ""
    package var query = ""
    package var errorRequestHeaders: [String]?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("status", \.status, "Statuses and ranges."),
        .init("statusRewrites", \.statusRewrites, "Statuses to answer with instead."),
        .init("service", \.service, "The service that has the pages."),
        .init("query", \.query, "Path of the page; {status}, {originalStatus} and {url} are filled in.", text: .target),
        .init("errorRequestHeaders", \.errorRequestHeaders, "Headers the service gets; unset: all."),
    ]
}
