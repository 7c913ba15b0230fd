package import Logging
package import MartinetConfig
import MartinetTemplates

/// From a file's text to what it configures; the one place that knows how files are rendered, parsed and decoded.
package enum FileDecoder {
    /// Decodes a file's bytes, given the path for positions.
    package typealias Decode = @Sendable (_ bytes: [UInt8], _ path: String) -> Result<DecodedRouting, DocumentError>

    /// A file whose name ends in none of the known endings is read as YAML.
    package static let decode: Decode = decoder(loggingTo: nil)

    /// - Parameter logger: gets each file before and after its template is rendered, at level debug; nil for none.
    package static func decoder(loggingTo logger: Logger?) -> Decode {
        { bytes, path in
            let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
            do throws(DocumentError) {
                let rendered = try FileTemplate.render(Array(bytes), path: path, logger: logger)
                guard let text = String(validating: rendered?.bytes[...] ?? bytes, as: UTF8.self) else {
                    throw DocumentError(
                        position: SourcePosition(file: path), reason: "is not UTF-8", remedy: "save it as UTF-8")
                }
                let format = DocumentFormat(fileName: path) ?? .yaml
                guard let rendered else {
                    return .success(RoutingDecoder.decode(try parseDocument(text, format: format, file: path)))
                }
                do throws(DocumentError) {
                    let node = try parseDocument(text, format: format, file: path)
                    return .success(RoutingDecoder.decode(FileTemplate.relocated(node, rendered)))
                } catch {
                    throw FileTemplate.relocated(error, rendered)
                }
            } catch {
                return .failure(error)
            }
        }
    }
}
