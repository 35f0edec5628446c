// The reference of the poll benchmark: the same framework, one route that answers four bytes, nothing else.
// usage: EmptyRoute PORT

import Hummingbird

let router = Router()
router.get("empty") { _, _ in "pong" }
let port = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 0
let application = Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)))
try await application.runService()
