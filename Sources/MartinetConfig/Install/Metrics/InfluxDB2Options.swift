/// InfluxDB 2.
package struct InfluxDB2Options: OptionGroup {
    package var address = "http://localhost:8086"
    package var token = ""
    package var org = ""
    package var bucket = ""
    package var pushInterval: OptionDuration = .seconds(10)
    package var additionalLabels: [String: String] = [:]
    package var addEntryPointsLabels = true
    package var addRoutersLabels = false
    package var addServicesLabels = true

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "URL."),
        .init("token", \.token, "Token, or file with it.", secret: true),
        .init("org", \.org, "Organisation."),
        .init("bucket", \.bucket, "Bucket."),
        .init("pushInterval", \.pushInterval, "Pause between pushes."),
        .init("additionalLabels", \.additionalLabels, "Further labels."),
        .init("addEntryPointsLabels", \.addEntryPointsLabels, "Whether entry points are told apart."),
        .init("addRoutersLabels", \.addRoutersLabels, "Whether routers are."),
        .init("addServicesLabels", \.addServicesLabels, "Whether services are."),
    ]
}
