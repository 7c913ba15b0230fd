/// SPIFFE.
package struct SPIFFEInstallOptions: OptionGroup {
    package var workloadAPIAddr = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("workloadAPIAddr", \.workloadAPIAddr, "Address of the workload API.")
    ]
}
