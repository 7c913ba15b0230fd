/// Knative.
package struct KnativeOptions: OptionGroup {
    package var endpoint = ""
    package var token = ""
    package var certAuthFilePath = ""
    package var namespaces: [String] = []
    package var labelSelector = ""
    package var publicEntrypoints: [String] = []
    package var publicService: ServiceReferenceOptions?
    package var privateEntrypoints: [String] = []
    package var privateService: ServiceReferenceOptions?
    package var throttleDuration: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("endpoint", \.endpoint, "API server."),
        .init("token", \.token, "Token, or file with it.", secret: true),
        .init("certAuthFilePath", \.certAuthFilePath, "Authority of the API server."),
        .init("namespaces", \.namespaces, "Namespaces watched; empty: all."),
        .init("labelSelector", \.labelSelector, "Which objects count."),
        .init("publicEntrypoints", \.publicEntrypoints, "Entry points of public routes."),
        .init("publicService", \.publicService, "Public service."),
        .init("privateEntrypoints", \.privateEntrypoints, "Entry points of private routes."),
        .init("privateService", \.privateService, "Private service."),
        .init("throttleDuration", \.throttleDuration, "Least pause between two configurations."),
    ]
}
