// `claudemesh serve`: the server.

import ArgumentParser
import Localization

struct Serve: MeshCommand {
    static let configuration = CommandConfiguration(abstract: about(.serveHelp))

    @OptionGroup var options: GlobalOptions

    func run(in context: Context) async throws -> Ending { .exit(.done) }
}
