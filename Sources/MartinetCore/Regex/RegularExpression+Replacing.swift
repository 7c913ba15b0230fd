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
        in subject: UnsafeRawBufferPointer, with template: ReplacementTemplate, into out: inout ByteBuffer
    ) -> Bool {
        forEachPiece(of: subject, with: template) { out.writeBytes($0) }
    }

    /// The same into memory that is there.
    ///
    /// - Returns: the length of the outcome, nil without a match. One that is longer than `out` is not there in whole: another call
    ///   with so much memory gives it.
    package func replaceAll(
        in subject: UnsafeRawBufferPointer, with template: ReplacementTemplate, into out: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var length = 0
        let matches = forEachPiece(of: subject, with: template) { piece in
            if piece.count <= out.count - length {
                UnsafeMutableRawBufferPointer(rebasing: out[length...]).copyMemory(from: piece)
            }
            length += piece.count
        }
        return matches ? length : nil
    }

    /// Hands the pieces of the outcome to `write` in order.
    ///
    /// - Returns: whether there was a match; when false there was no piece.
    private func forEachPiece(
        of subject: UnsafeRawBufferPointer, with template: ReplacementTemplate,
        _ write: (UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        guard let repaired = RepairedText(subject) else {
            return replaceAll(in: subject, with: template) { piece in
                switch piece {
                case .kept(let range): write(UnsafeRawBufferPointer(rebasing: subject[range]))
                case .new(let bytes): write(bytes)
                }
            }
        }
        return repaired.bytes.withUnsafeBytes { bytes in
            replaceAll(in: bytes, with: template) { piece in
                switch piece {
                case .kept(let range):
                    // As it was, not as it was repaired for matching.
                    let origin = repaired.origins[range.lowerBound]..<repaired.origins[range.upperBound]
                    write(UnsafeRawBufferPointer(rebasing: subject[origin]))
                case .new(let bytes): write(bytes)
                }
            }
        }
    }

    /// Of an outcome.
    private enum Piece {
        /// A run of the subject.
        case kept(Range<Int>)
        /// Of the template.
        case new(UnsafeRawBufferPointer)
    }

    /// `subject` is UTF-8.
    private func replaceAll(
        in subject: UnsafeRawBufferPointer, with template: ReplacementTemplate, write: (Piece) -> Void
    ) -> Bool {
        var copied = 0
        var search = 0
        var replaced = false
        while search <= subject.count {
            let range = withFirstMatch(in: subject, from: search) { groups -> Range<Int> in
                let range = groups[0].offset..<(groups[0].offset + groups[0].length)
                write(.kept(copied..<range.lowerBound))
                guard range.upperBound > copied || range.lowerBound == 0 else { return range }
                for part in template.parts {
                    switch part {
                    case .literal(let bytes):
                        bytes.withUnsafeBytes { write(.new($0)) }
                    case .group(let number) where number < groups.count && groups[number].offset >= 0:
                        let start = groups[number].offset
                        write(.kept(start..<(start + groups[number].length)))
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
        if replaced { write(.kept(copied..<subject.count)) }
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
