// `claudemesh sync`: makes this machine's list of meshes what the server's is.

import ArgumentParser
import Connect
import Console
import Localization
import LocalState
import MeshAPI
import MeshClient
import WizardRun

struct Sync: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "sync", abstract: about(.syncHelp))

    @OptionGroup var options: GlobalOptions

    /// What is new here, and what is gone.
    struct Answer: Encodable {
        var added: [MeshAnswer]
        var removed: [MeshAnswer]
    }

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let meshes = try await access.meshes()
        let (added, removed) = try await access.reconcile(meshes)
        try access.output.success(context.synced(meshes))
        for mesh in added {
            try access.output.line(
                context.strings(CommandText.syncAdded, ["slug": mesh.slug, "name": mesh.name]))
        }
        for mesh in removed {
            try access.output.line(
                context.strings(CommandText.syncRemoved, ["slug": mesh.slug, "name": mesh.name]))
        }
        if options.json {
            try access.output.json(
                Answer(added: added.map(MeshAnswer.init), removed: removed.map(MeshAnswer.init)))
        }
        return .exit(.done)
    }
}
