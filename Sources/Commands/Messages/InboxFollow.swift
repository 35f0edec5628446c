// `inbox --follow`: prints what comes as it comes, until Ctrl-C. A poll that is held, a mesh each; where the connection is
// lost it goes on where it was.

import Canvas
import Console
import FoundationEssentials
import Localization
import MeshAPI
import MeshClient

struct InboxFollow {
    let places: [InMesh]

    func run() async throws -> Ending {
        let printer = Printer(isGrouped: places.count > 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for place in places { group.addTask { try await follow(place, printer) } }
            try await group.waitForAll()
        }
        return .exit(.done)
    }

    private func follow(_ place: InMesh, _ printer: Printer) async throws {
        var cursor: String?
        var backoff = Backoff(first: .seconds(1))
        while true {
            do {
                guard let known = cursor else {
                    let start = try await place.events(after: nil, wait: 0)
                    try await printer.show(try await place.all(), of: place)
                    cursor = start.cursor
                    continue
                }
                let page = try await place.events(after: known, wait: 25)
                var came = page.events.compactMap { event in
                    switch event {
                    case .message(let message), .held(let message): message
                    default: nil
                    }
                }
                if page.reset == true { came = try await place.all() }
                try await printer.show(came, of: place)
                if case .ended(let why) = page.events.last { throw MessagesEnded(reason: why, mesh: place.mesh.name) }
                cursor = page.cursor
                backoff.succeeded()
            } catch Failure.api(let failure, let host, let origin) where failure.isPassing {
                try await place.pause(&backoff, failure, host: host, origin: origin)
            }
        }
    }
}

/// One after the other, each message once, whichever mesh it is from.
private actor Printer {
    private let isGrouped: Bool
    private var shown: Set<String> = []
    private var last: MeshName?

    init(isGrouped: Bool) { self.isGrouped = isGrouped }

    func show(_ messages: [Message], of place: InMesh) async throws {
        let new = messages.filter { message in
            (place.isMine(message) || message.state == .held) && message.state?.isWaiting == true
                && shown.insert(message.id).inserted
        }
        guard !new.isEmpty else { return }
        if isGrouped, last != place.mesh { try place.output.line(place.mesh.name, .primary) }
        last = place.mesh
        for message in new {
            if place.context.options.json {
                try place.output.json(MessageInMesh(message: message, mesh: place.mesh))
            } else {
                try place.show(message)
            }
        }
        try await place.report(new, .seen)
    }
}

/// The server says that nothing more comes.
struct MessagesEnded: Explained {
    var reason: Event.End
    var mesh: String

    func explanation(_ words: Words) -> Explanation {
        let text: MessageText =
            switch reason {
            case .kicked: .kicked
            case .banned: .banned
            case .removed: .removedFromMesh
            case .moved: .moved
            case .archived: .meshEnded
            case .credential: .signInEnded
            }
        return Explanation(
            code: reason.rawValue, message: words.context.strings(text, ["mesh": mesh]),
            exit: reason == .credential ? .unauthenticated : .notPermitted)
    }
}

extension InMesh {
    /// What waits, and for a person what waits to be let in.
    fileprivate func all() async throws -> [Message] {
        let messages = try await waiting()
        return access.isPerson ? messages + (try await waiting(held: true)) : messages
    }
}
