package import MartinetConfig

extension AccessLogOptions {
    /// What is written there and has no effect, as warnings, and what the log cannot be opened with, as errors. Of the former
    /// Traefik tells nothing but an unknown format.
    package var problems: [Diagnostic] {
        var found: [Diagnostic] = []
        func add(_ path: String, _ reason: String, _ remedy: String) {
            found.append(Diagnostic(.warning, path: "accessLog." + path, reason: reason, remedy: remedy))
        }
        func check(_ path: String, _ word: String, _ known: [String], otherwise: String) {
            guard !known.contains(word) else { return }
            add(path, "\"\(word)\" is not known: \(otherwise)", "write \(known.joined(separator: ", "))")
        }
        check("format", format, AccessLogFormat.allCases.map(\.rawValue), otherwise: "the format is common")
        for text in filters?.statusCodes ?? [] {
            do {
                _ = try AccessLogFilter.range(text)
            } catch {
                found.append(error.diagnostic)
            }
        }
        guard let fields else { return found }
        let two = ["keep", "drop"]
        let three = ["keep", "drop", "redact"]
        check("fields.defaultMode", fields.defaultMode, two, otherwise: "fields are kept")
        let known = AccessLogField.allCases.map(\.name) + AccessLogField.absent
        for (name, word) in fields.names.sorted(by: { $0.key < $1.key }) {
            if !known.contains(where: { $0.lowercased() == name.lowercased() }) {
                let nearest = NearestName.of(name, among: known)
                add(
                    "fields.names", "there is no field \"\(name)\"",
                    nearest.map { "did you mean \"\($0)\"?" } ?? "fields are \(known.joined(separator: ", "))")
            }
            check("fields.names.\(name)", word, two, otherwise: "fields.defaultMode holds")
        }
        if let headers = fields.headers {
            check("fields.headers.defaultMode", headers.defaultMode, three, otherwise: "headers are kept")
            for (name, word) in headers.names.sorted(by: { $0.key < $1.key }) {
                check("fields.headers.names.\(name)", word, three, otherwise: "fields.headers.defaultMode holds")
            }
        }
        if let query = fields.queryParameters {
            check("fields.queryParameters.defaultMode", query.defaultMode, two, otherwise: "the query is kept")
        }
        return found
    }
}
