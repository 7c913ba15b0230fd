import CRE2
package import NIOCore

extension RegularExpression {
    /// Writes `subject` to `out` with every match replaced, as Go's `ReplaceAll` does.
    ///
    /// An empty match right behind another match is not replaced.
    ///
    /// - Returns: whether there was a match; when false nothing was written.
    @discardableResult
    package func replaceAll(
        in subject: UnsafeRawBufferPointer,
        with template: ReplacementTemplate,
        into out: inout ByteBuffer
    ) -> Bool {
        guard let repaired = RepairedText(subject) else {
            return replaceAll(in: subject, with: template) { out.writeBytes($0) }
        }
        return repaired.bytes.withUnsafeBytes { bytes in
            // What is kept is written as it was, not as it was repaired for matching.
            replaceAll(in: bytes, with: template) { piece in
                guard piece.base.baseAddress == bytes.baseAddress else { return out.writeBytes(piece) }
                let range = repaired.origins[piece.startIndex]..<repaired.origins[piece.endIndex]
                return out.writeBytes(subject[range])
            }
        }
    }

    /// Hands the pieces of the outcome to `write` in order: slices of `subject`, which is UTF-8, and literals of the template.
    private func replaceAll(
        in subject: UnsafeRawBufferPointer,
        with template: ReplacementTemplate,
        write: (Slice<UnsafeRawBufferPointer>) -> Int
    ) -> Bool {
        var copied = 0
        var search = 0
        var replaced = false
        while search <= subject.count {
            let range = withFirstMatch(in: subject, from: search) { groups -> Range<Int> in
                let range = groups[0].offset..<(groups[0].offset + groups[0].length)
                _ = write(subject[copied..<range.lowerBound])
                guard range.upperBound > copied || range.lowerBound == 0 else { return range }
                for part in template.parts {
                    switch part {
                    case .literal(let bytes):
                        bytes.withUnsafeBytes { _ = write($0[...]) }
                    case .group(let number) where number < groups.count && groups[number].offset >= 0:
                        let start = groups[number].offset
                        _ = write(subject[start..<(start + groups[number].length)])
                    case .group:
                        break
                    }
                }
                return range
            }
            guard let range else { break }
            replaced = true
            copied = range.upperBound
            if range.upperBound > search {
                search = range.upperBound
                // What may still match is empty, and right behind this match.
                if search == subject.count { break }
            } else if search < subject.count {
                // An empty match would be found again for ever; go on behind the next character.
                search += max(1, RepairedText.characterLength(subject, at: search))
            } else {
                break
            }
        }
        if replaced { _ = write(subject[copied...]) }
        return replaced
    }

    /// `text` with every match replaced. For configuration and tests; the request path uses buffers.
    package func replaceAll(in text: String, with template: ReplacementTemplate) -> String {
        var text = text
        var out = ByteBuffer()
        let isReplaced = text.withUTF8 { replaceAll(in: UnsafeRawBufferPointer($0), with: template, into: &out) }
        return isReplaced ? String(buffer: out) : text
    }
}
