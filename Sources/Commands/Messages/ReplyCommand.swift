// `claudemesh reply ID TEXT…`: answers a message, in whichever mesh it is.

import ArgumentParser
import Connect
import Console
import FoundationEssentials
import Localization
import MeshAPI
import MeshClient

struct ReplyCommand: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "reply", abstract: about(.replyHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.messageID, value: .id))
    var id: String

    @Argument(help: help(.messageWords, value: .text))
    var words: [String] = []

    @Flag(name: .customLong("anyway"), help: help(.sendAnyway))
    var anyway = false

    @OptionGroup var mesh: MeshOption

    func run(in context: Context) async throws -> Ending {
        try context.given(id, as: "ID")
        let (access, places) = try await NothingSent.before { try await InMesh.all(mesh.name, context) }
        let given = try GivenMessage(words, anyway: anyway, isSession: access.isSession, access.context)
        let (place, answered) = try await NothingSent.before { try await InMesh.find(id, in: places) }
        try await place.sendAndSay(
            SendMessage(body: given.text, clientId: UUID().uuidString.lowercased(), replyTo: answered.id))
        return .exit(.done)
    }
}
