/// What a template works on: the dot at its beginning.
package indirect enum TemplateData: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([TemplateData])
    /// Go's `map[string]interface {}`: a key that is missing reads as nothing.
    case map([String: TemplateData])
    /// Go's `map[string]string`, such as labels.
    case texts([String: String])
    /// Go's struct: a field that is missing is an error. `type` is what errors call it.
    case structure(type: String, fields: [String: TemplateData])
}
