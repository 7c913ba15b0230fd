package import MartinetConfig

/// From a file's text to what it configures; the one place that knows how documents are parsed and decoded.
package enum FileDecoder {
    /// Decodes a file's bytes, given the path for positions.
    package typealias Decode = @Sendable (_ bytes: [UInt8], _ path: String) -> Result<DecodedRouting, DocumentError>

    /// A file whose name ends in none of the known endings is read as YAML.
    package static let decode: Decode = { bytes, path in
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .failure(
                DocumentError(position: SourcePosition(file: path), reason: "is not UTF-8", remedy: "save it as UTF-8")
            )
        }
        do throws(DocumentError) {
            let format = DocumentFormat(fileName: path) ?? .yaml
            return .success(RoutingDecoder.decode(try parseDocument(text, format: format, file: path)))
        } catch {
            return .failure(explained(error, text: text))
        }
    }

    /// Traefik renders its files as Go templates first. A file that is one cannot be told from a broken one, so both
    /// explanations are given.
    private static func explained(_ error: DocumentError, text: String) -> DocumentError {
        guard text.contains("{{") else { return error }
        var error = error
        let hint = "the file contains {{: Go templates are not evaluated, write the values out"
        error.remedy = error.remedy.map { "\($0); \(hint)" } ?? hint
        return error
    }
}
