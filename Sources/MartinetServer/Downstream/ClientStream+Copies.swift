import MartinetCore
import MartinetHTTP
import NIOCore

/// Copies of requests for mirrors.
extension ClientStream {
    var copyBudget: BodyBudget { loop.copyBudget }

    func collectBody(in copy: RequestCopy) {
        guard let exchange else { return }
        // What a middleware or a service asks for itself has no body of the client's.
        if !isOwnRequest { for piece in replay { copy.append(piece) } }
        exchange.copies.append(copy)
    }

    func send(_ copy: RequestCopy, to service: any HTTPService) {
        guard requestBodyDone, let exchange else { return }
        let file = isOwnRequest ? asideBody?.file : spool
        if copy.takesBody, copy.head.framing != .none {
            if let file {
                guard copy.admits(file.count) else { return }
                copy.forget()
            } else if let whole = isOwnRequest ? asideBody?.memory : exchange.bufferedBody {
                // Collected by a middleware it did not pass as pieces, or not all of it did.
                if copy.body.readableBytes != whole.readableBytes { copy.replace(with: whole) }
                guard !copy.isCutShort else { return }
            } else if copy.isCutShort {
                return
            }
        }
        guard loop.startsMirror() else { return }
        let (loop, entryPoint, info) = (loop, entryPoint, info)
        // Not now: this exchange is just ending, and its client comes first.
        loop.eventLoop.assumeIsolated().execute {
            MirrorStream(loop: loop, entryPoint: entryPoint, info: info).start(
                copy, file: copy.takesBody ? file : nil, service)
        }
    }
}
