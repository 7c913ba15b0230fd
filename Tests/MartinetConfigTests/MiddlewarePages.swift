import Foundation
import MartinetConfig

/// The parts of `docs/middlewares/` that follow from the declarations of the options.
enum MiddlewarePages {
    static let begin = "<!-- options:begin (written by make docs) -->\n"
    static let end = "<!-- options:end -->\n"

    /// Every kind of middleware that has a page. The options of plugins are declared by nobody here.
    static let kinds = MiddlewareOptions.fields.filter { $0.name != "plugin" }

    /// The table of the index.
    static var index: String {
        let rows = kinds.map { kind in
            "| [`\(kind.name)`](\(kind.name).md) | \(kind.summary)\(note(kind.deprecated)) |\n"
        }
        return "| middleware | what it does |\n|---|---|\n" + rows.joined()
    }

    /// The option table of one kind; the options of sections follow their section.
    static func options(of kind: OptionField<MiddlewareOptions>) -> String {
        guard let group = group(in: kind.valueType) else { return "" }
        let head = "| option | type | default | meaning |\n|---|---|---|---|\n"
        return head + group.rows(prefix: "").joined()
    }

    /// The page with its part between the marks replaced; nil when it has no marks.
    static func page(_ page: String, with table: String) -> String? {
        guard let first = page.range(of: begin), let last = page.range(of: end), first.upperBound <= last.lowerBound
        else { return nil }
        return page[..<first.upperBound] + table + page[last.lowerBound...]
    }

    /// The group a type is or may hold.
    fileprivate static func group(in type: any OptionValue.Type) -> (any OptionGroup.Type)? {
        switch type.shape {
        case .group(let group): group
        case .optional(let wrapped): group(in: wrapped)
        case .scalar, .list, .map: nil
        }
    }

    fileprivate static func note(_ deprecated: String?) -> String {
        deprecated.map { " Deprecated: \($0)." } ?? ""
    }
}

extension OptionGroup {
    fileprivate static func rows(prefix: String) -> [String] {
        let defaults = Self()
        return fields.flatMap { field -> [String] in
            let told = ToldDefault(field.summary)
            let type = field.typeName.components(separatedBy: " such as").first ?? field.typeName
            let secret = field.isSecret ? " The API never shows it." : ""
            let cells = [
                "`\(prefix + field.name)`", type, told.value ?? field.defaultText(in: defaults),
                told.rest + secret + MiddlewarePages.note(field.deprecated),
            ]
            let row = "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
            let below = MiddlewarePages.group(in: field.valueType)?.rows(prefix: prefix + field.name + ".") ?? []
            return [row] + below
        }
    }
}

extension OptionField {
    /// The declared default as one would write it.
    fileprivate func defaultText(in defaults: Root) -> String {
        if let value = encode(defaults)?.text, MiddlewarePages.group(in: valueType) == nil { return "`\(value)`" }
        switch valueType {
        case is Bool.Type: return "`false`"
        case is Int.Type: return "`0`"
        case is OptionDuration.Type: return "`0s`"
        default: return ""
        }
    }
}

/// A default that a summary tells in parentheses, `Status (default 403).`: what is used when the declared value is empty.
private struct ToldDefault {
    var value: String?
    /// The summary without it.
    var rest: String

    init(_ summary: String) {
        rest = summary
        guard let open = summary.range(of: "(default "), let close = summary[open.upperBound...].firstIndex(of: ")")
        else { return }
        let told = summary[open.upperBound..<close]
        // `2 MiB; -1: any` tells another value as well, `0: no bound` what the default means.
        let parts = told.split(separator: ";", maxSplits: 1)
        let own = parts.first ?? told
        value = "`\(own.prefix { $0 != ":" })`"
        let remark =
            parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : own.contains(":") ? String(own) : ""
        let before = String(summary[..<open.lowerBound])
        let after = String(summary[summary.index(after: close)...])
        rest = remark.isEmpty ? before.trimmingCharacters(in: .whitespaces) + after : before + "(\(remark))" + after
    }
}
