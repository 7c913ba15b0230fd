import MartinetConfig

/// An object in a list of the API.
struct APIItem {
    var name: String
    var provider: String
    var status: String
    /// Texts `search` looks into, besides the name.
    var searchable: [String] = []
    var serviceName = ""
    var middlewareNames: [String] = []
    /// What `sortBy` can name, besides name, provider and status.
    var sortKeys: [String: String] = [:]
    var priority: Int64 = 0
    var document: JSONValue
}

/// The query of an API request.
struct APIQuery {
    private var values: [String: String] = [:]

    init(_ text: String) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map {
                Self.unescape(String($0).replacing("+", with: " "))
            }
            if let key = parts.first, values[key] == nil { values[key] = parts.count > 1 ? parts[1] : "" }
        }
    }

    subscript(name: String) -> String { values[name] ?? "" }

    static func unescape(_ text: String) -> String {
        var bytes: [UInt8] = []
        let source = Array(text.utf8)
        var index = 0
        while index < source.count {
            if source[index] == UInt8(ascii: "%"), index + 2 < source.count,
                let value = UInt8(String(decoding: source[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                index += 3
            } else {
                bytes.append(source[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    fileprivate func replacing(_ character: Character, with other: Character) -> String {
        String(map { $0 == character ? other : $0 })
    }
}

/// Filtering, sorting and paging of lists.
enum APIList {
    static func answer(_ items: [APIItem], _ query: APIQuery) -> APIAnswer {
        let search = query["search"].lowercased()
        var found = items.filter { item in
            let matches =
                search.isEmpty || ([item.name] + item.searchable).contains { $0.lowercased().contains(search) }
            let hasStatus = query["status"].isEmpty || item.status.lowercased() == query["status"].lowercased()
            let hasService = query["serviceName"].isEmpty || item.serviceName == query["serviceName"]
            let hasMiddleware =
                query["middlewareName"].isEmpty || item.middlewareNames.contains(query["middlewareName"])
            return matches && hasStatus && hasService && hasMiddleware
        }
        sort(&found, by: query["sortBy"], descending: query["direction"] == "desc")
        return page(found, query)
    }

    private static func sort(_ items: inout [APIItem], by key: String, descending: Bool) {
        func value(_ item: APIItem) -> String {
            switch key {
            case "provider": item.provider
            case "status": item.status
            case "", "name": item.name
            default: item.sortKeys[key] ?? item.name
            }
        }
        items.sort { a, b in
            if key == "priority", a.priority != b.priority {
                return descending ? a.priority > b.priority : a.priority < b.priority
            }
            let (left, right) = (value(a), value(b))
            if left == right { return descending ? a.name > b.name : a.name < b.name }
            return descending ? left > right : left < right
        }
    }

    private static func page(_ items: [APIItem], _ query: APIQuery) -> APIAnswer {
        guard let size = number(query["per_page"], default: 100), let page = number(query["page"], default: 1) else {
            return .error(400, "invalid request: page: \(query["page"]), per_page: \(query["per_page"])")
        }
        let (start, overflow) = (page - 1).multipliedReportingOverflow(by: size)
        guard !overflow, start == 0 || start < items.count else {
            return .error(400, "invalid request: page: \(page), per_page: \(size)")
        }
        let end = min(items.count, start + min(size, items.count))
        var answer = APIAnswer.json(.array(items[start..<end].map(\.document)))
        answer.nextPage = end < items.count ? page + 1 : 1
        return answer
    }

    private static func number(_ text: String, default value: Int) -> Int? {
        guard !text.isEmpty else { return value }
        guard let number = Int(text), number > 0 else { return nil }
        return number
    }
}
