import MartinetHTTP

/// A whole chunked body: what it carries, and its trailers.
struct DecodedBody: Equatable {
    var payload: [UInt8] = []
    var trailers: [FieldLine] = []
}
