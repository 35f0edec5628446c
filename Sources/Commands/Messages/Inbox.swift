// `claudemesh inbox`: what waits for the person, in a session for it. What it prints is seen.

import ArgumentParser
import Canvas
import Connect
import Console
import Localization
import MeshAPI
import MeshClient

struct Inbox: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox", abstract: about(.inboxHelp),
        discussion: """
            claudemesh inbox
            claudemesh inbox --follow
            claudemesh inbox --count
            """)

    @OptionGroup var options: GlobalOptions

    @Flag(name: .customLong("follow"), help: help(.inboxFollow))
    var follow = false

    @Flag(name: .customLong("all"), help: help(.inboxAll))
    var all = false

    @Flag(name: .customLong("count"), help: help(.inboxCount))
    var count = false

    @Option(name: .customLong("done"), parsing: .upToNextOption, help: help(.inboxDone, value: .id))
    var done: [String] = []

    @OptionGroup var mesh: MeshOption

    /// `held` waits for the person to let it in.
    struct Answer: Encodable {
        var messages: [MessageInMesh]
        var held: [MessageInMesh]
    }

    func validate() throws {
        let asked = [("--follow", follow), ("--all", all), ("--count", count), ("--done", !done.isEmpty)]
            .filter(\.1).map(\.0)
        if asked.count > 1 { throw Clash(first: asked[0], second: asked[1]) }
    }

    func run(in context: Context) async throws -> Ending {
        let (access, places) = try await InMesh.all(mesh.name, context)
        if !done.isEmpty { return try await settle(access, places) }
        if count { return try await tell(access, places) }
        if follow { return try await InboxFollow(places: places).run() }
        var answer = Answer(messages: [], held: [])
        for place in places {
            let messages = all ? try await place.got() : try await place.waiting()
            let held = access.isPerson ? try await place.waiting(held: true) : []
            if !messages.isEmpty || !held.isEmpty, places.count > 1 {
                try access.output.line(place.mesh.name, .primary)
            }
            for message in messages { try place.show(message) }
            for message in held { try place.show(message) }
            answer.messages += messages.map { MessageInMesh(message: $0, mesh: place.mesh) }
            answer.held += held.map { MessageInMesh(message: $0, mesh: place.mesh) }
            if !options.json { try await place.report(messages.filter { $0.state?.isWaiting == true }, .seen) }
        }
        if options.json {
            try access.output.json(answer)
            for place in places {
                let shown = answer.messages.filter { $0.mesh == place.mesh && $0.message.state?.isWaiting == true }
                try await place.report(shown.map(\.message), .seen)
            }
        }
        if answer.messages.isEmpty, answer.held.isEmpty {
            access.output.hint(access.context.strings(MessageText.inboxEmpty))
        }
        return .exit(.done)
    }

    /// How many wait, those to be let in too: a number alone, for a status line. Makes nothing seen.
    private func tell(_ access: ServerAccess, _ places: [InMesh]) async throws -> Ending {
        var count = 0
        for place in places {
            count += try await place.waiting().count
            if access.isPerson { count += try await place.waiting(held: true).count }
        }
        try access.output.line("\(count)")
        if options.json { try access.output.json(["count": count]) }
        return .exit(.done)
    }

    /// Acknowledges, without a word.
    private func settle(_ access: ServerAccess, _ places: [InMesh]) async throws -> Ending {
        var found: [(InMesh, Message)] = []
        for id in done {
            try access.context.given(id, as: "--done")
            found.append(try await InMesh.find(id, in: places))
        }
        for (place, message) in found { try await place.report([message], .acknowledged) }
        let text = access.context.strings(MessageText.settled, count: found.count)
        try access.output.success(text)
        if options.json { try access.output.json(["done": found.map(\.1.id)]) }
        return .exit(.done)
    }
}

extension InMesh {
    /// The newest hundred that came to one, read or not, oldest first, among the newest thousand of all that was said.
    fileprivate func got() async throws -> [Message] {
        var (found, cursor) = ([Message](), String?.none)
        for _ in 0..<10 where found.count < 100 {
            let from = cursor
            let page = try await ask { client throws(APIFailure) in
                try await client.messages(in: mesh.id, cursor: from)
            }
            found += page.items.filter { isMine($0) }
            cursor = page.nextCursor
            if cursor == nil { break }
        }
        return found.prefix(100).reversed()
    }
}
