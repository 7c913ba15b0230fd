import NIOCore

/// How long a test waits for what has to come. Only a failing test takes that long: a machine busy with other builds needs a minute for
/// what takes milliseconds.
let patience = TimeAmount.seconds(120)
