/// Translates gRPC-Web to gRPC.
package struct GRPCWebOptions: OptionGroup {
    package var allowOrigins: [String] = []

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("allowOrigins", \.allowOrigins, "CORS: origins allowed.")
    ]
}
