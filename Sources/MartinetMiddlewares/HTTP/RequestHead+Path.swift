import MartinetHTTP

extension RequestHead {
    /// Takes the first `count` bytes off the escaped path; what is left begins with a slash, an added one if need be.
    mutating func dropFromPath(_ count: Int) {
        let rest = path.slice(from: count, length: path.length - count)
        if rest.isEmpty {
            path = headers.store("/" as StaticString)
        } else if headers.withBytes(rest, { $0[0] == 0x2F }) {
            path = rest
        } else {
            path = headers.store([0x2F], before: rest)
        }
    }
}
