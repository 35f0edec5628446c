// What happens in a mesh, for commands that wait for it: by held polls, over whatever happens to a server meanwhile.

import Console
import LocalState
import Localization
import MeshAPI
import MeshClient

extension InMesh {
    /// What happened after a cursor, as soon as it does, within `wait` seconds; without one at once, with the cursor of now.
    func events(after cursor: String?, wait: Int) async throws -> EventPage {
        try await ask { client throws(APIFailure) in
            try await client.heldEvents(in: mesh.id, after: cursor, wait: wait)
        }
    }

    /// Waits until there is some use in asking again; the first time it says why.
    func pause(_ backoff: inout Backoff, _ failure: APIFailure, host: String, origin: TokenOrigin?) async throws {
        if backoff.failures == 0 {
            let why = Words(context: context).api(failure, host: host, origin: origin)
            output.hint(context.strings(MessageText.followLost, ["reason": why.message]))
        }
        try await Task.sleep(for: backoff.failed(retryAfter: failure.retryAfter))
    }
}

extension APIFailure {
    /// Whether it may be otherwise in a while.
    var isPassing: Bool {
        switch self {
        case .unreachable(.insecure), .unreachable(.proxyUnusable), .unreachable(.certificates): false
        case .unreachable: true
        case .refused(let status, _, _): status >= 500 || status == 429
        case .cancelled: false
        }
    }
}
