/// A node's word that another one has the key: `MOVED 3999 10.0.0.1:6381`, or `ASK …` while the key is on its way there.
struct RedisRedirection {
    let slot: UInt16
    let address: RedisAddress
    /// Whether later commands are to go there, too.
    let isLasting: Bool

    /// Nil for any other error. A node without a host is at the address that was asked.
    init?(_ error: String, from asked: RedisAddress) {
        let words = error.split(separator: " ")
        guard words.count == 3, words[0] == "MOVED" || words[0] == "ASK" else { return nil }
        guard let slot = UInt16(words[1]), slot < 16384, let colon = words[2].lastIndex(of: ":") else { return nil }
        let host = words[2][..<colon]
        guard let port = UInt16(words[2][words[2].index(after: colon)...]), port > 0 else { return nil }
        self.slot = slot
        address = RedisAddress(host: host.isEmpty || host == "?" ? asked.host : String(host), port: Int(port))
        isLasting = words[0] == "MOVED"
    }
}
