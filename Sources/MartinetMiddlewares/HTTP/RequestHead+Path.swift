import MartinetHTTP

extension RequestHead {
    /// Takes the first `count` bytes off the escaped path; what is left begins with a slash: an added one if need be, or the one that
    /// an escape there stands for, so that dots behind it are seen.
    mutating func dropFromPath(_ count: Int) {
        let rest = path.slice(from: count, length: path.length - count)
        if rest.isEmpty {
            path = headers.store("/" as StaticString)
        } else if headers.withBytes(rest, { $0[0] == 0x2F }) {
            path = rest
        } else if headers.withBytes(rest, { $0.count >= 3 && $0[0] == 0x25 && Percent.decode($0[1], $0[2]) == 0x2F }) {
            path = headers.store([0x2F], before: rest.slice(from: 3, length: rest.length - 3))
        } else {
            path = headers.store([0x2F], before: rest)
        }
    }
}
