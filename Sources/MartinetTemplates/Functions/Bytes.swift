/// Searching in bytes.
enum Bytes {
    static func contain(_ text: [UInt8], _ piece: [UInt8]) -> Bool {
        piece.isEmpty || find(piece, in: text, from: 0) != nil
    }

    static func find(_ piece: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        guard let first = piece.first, piece.count <= text.count else { return nil }
        var place = start
        while place <= text.count - piece.count {
            if text[place] == first, text[place..<(place + piece.count)].elementsEqual(piece) { return place }
            place += 1
        }
        return nil
    }

    /// Go's `SplitN`: at most `limit` pieces, all of them below 0, none for 0. An empty separator cuts into characters.
    static func split(_ text: [UInt8], by separator: [UInt8], limit: Int) -> [[UInt8]] {
        if limit == 0 { return [] }
        var pieces: [[UInt8]] = []
        var start = 0
        while limit < 0 || pieces.count < limit - 1 {
            if separator.isEmpty {
                guard start < text.count else { return pieces }
                let length = UTF8Text.scalar(in: text, at: start).length
                if start + length >= text.count { break }
                pieces.append(Array(text[start..<(start + length)]))
                start += length
            } else {
                guard let place = find(separator, in: text, from: start) else { break }
                pieces.append(Array(text[start..<place]))
                start = place + separator.count
            }
        }
        if separator.isEmpty, start >= text.count { return pieces }
        pieces.append(Array(text[start...]))
        return pieces
    }

    /// Go's `ReplaceAll`: an empty `old` stands between all characters.
    static func replaced(_ text: [UInt8], _ old: [UInt8], _ new: [UInt8], _ budget: Budget) throws(Failure) -> [UInt8] {
        var out: [UInt8] = []
        var start = 0
        if old.isEmpty {
            while start < text.count {
                let length = UTF8Text.scalar(in: text, at: start).length
                try budget.allocate(new.count + length)
                out.append(contentsOf: new + text[start..<min(text.count, start + length)])
                start += length
            }
            return out + new
        }
        while let place = find(old, in: text, from: start) {
            try budget.allocate(place - start + new.count)
            out.append(contentsOf: text[start..<place])
            out.append(contentsOf: new)
            start = place + old.count
        }
        try budget.allocate(text.count - start)
        out.append(contentsOf: text[start...])
        return out
    }
}
