/// Amazon ECS.
package struct ECSOptions: OptionGroup {
    package var constraints = ""
    package var exposedByDefault = true
    package var refreshSeconds = 15
    package var defaultRule = "Host(`{{ normalize .Name }}`)"
    package var clusters: [String] = ["default"]
    package var autoDiscoverClusters = false
    package var healthyTasksOnly = false
    package var ecsAnywhere = false
    package var region = ""
    package var accessKeyID = ""
    package var secretAccessKey = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("constraints", \.constraints, "Which tasks count."),
        .init("exposedByDefault", \.exposedByDefault, "Whether tasks are exposed without a label."),
        .init("refreshSeconds", \.refreshSeconds, "Pause between polls, in seconds."),
        .init("defaultRule", \.defaultRule, "Rule of routers without one."),
        .init("clusters", \.clusters, "Clusters."),
        .init("autoDiscoverClusters", \.autoDiscoverClusters, "Whether all clusters count."),
        .init("healthyTasksOnly", \.healthyTasksOnly, "Whether only healthy tasks serve."),
        .init("ecsAnywhere", \.ecsAnywhere, "ECS Anywhere."),
        .init("region", \.region, "Region."),
        .init("accessKeyID", \.accessKeyID, "Access key.", secret: true),
        .init("secretAccessKey", \.secretAccessKey, "Its secret.", secret: true),
    ]
}
