// A mesh and who one is in it: what every command that says or reads something works with.
// Inside a launched session that is the session, by its own token: a sign-in on the machine does not count.

import Connect
import Console
import LocalState
import Localization
import MeshAPI
import MeshClient

struct InMesh: Sendable {
    let access: ServerAccess
    let mesh: MeshName
    /// The key by which a script speaks.
    var key: WhoIsKey.Credential?
    /// The session as the daemon knows it, where this runs in one.
    var session: String?

    var context: Context { access.context }
    var output: Output { access.output }

    /// Whether a launched session speaks, and no person.
    var isSession: Bool { access.isSession }

    /// The mesh that `text` names, or the one there is.
    static func one(_ text: String?, _ context: Context) async throws -> InMesh {
        if let session = await SurroundingSession.find(context) { return try session.place(text, context) }
        return try await InMesh(try await ServerAccess.speaking(context), named: text)
    }

    /// The mesh that is named, the session's own, or all of the account's.
    static func all(_ text: String?, _ context: Context) async throws -> (ServerAccess, [InMesh]) {
        if let session = await SurroundingSession.find(context) {
            let place = try session.place(text, context)
            return (place.access, [place])
        }
        let access = try await ServerAccess.speaking(context)
        return (access, try await all(text, of: access))
    }

    static func all(_ text: String?, of access: ServerAccess) async throws -> [InMesh] {
        let named = ["CLAUDEMESH_SESSION_ID", "CLAUDEMESH_MESH"].contains { access.context[$0] != nil }
        if text != nil || named || access.isKey { return [try await InMesh(access, named: text)] }
        let meshes = try await access.meshes()
        guard !meshes.isEmpty else { throw Failure.noMeshes }
        return meshes.map { InMesh(access: access, mesh: MeshName($0)) }
    }

    /// The session that speaks; nil for a person.
    var sessionID: String? { session ?? (isSession ? context["CLAUDEMESH_SESSION_ID"] : nil) }

    /// Runs a call. What the mesh refuses is told in words of its own.
    /// - Parameter subject: what the call is about, as it was typed.
    func ask<Value: Sendable>(
        _ subject: MessageFailure.Subject = .nothing, _ call: (APIClient) async throws(APIFailure) -> Value
    ) async throws -> Value {
        do {
            return try await context.asking(access.client, access.token?.origin, call)
        } catch Failure.api(let failure, let host, let origin) {
            let refused = MessageFailure(
                failure: failure, host: host, origin: origin, mesh: mesh.name, subject: subject, isSession: isSession,
                key: key)
            if refused.isKnown { throw refused }
            return try await access.ask { _ throws(APIFailure) in throw failure }
        }
    }

    /// Every page of what waits for one, oldest first.
    func waiting(held: Bool = false) async throws -> [Message] {
        var (messages, cursor, seen) = ([Message](), String?.none, Set<String>())
        repeat {
            let from = cursor
            let page = try await ask { client throws(APIFailure) in
                try await client.messages(in: mesh.id, unread: !held, held: held, cursor: from)
            }
            messages += page.items
            cursor = page.nextCursor.flatMap { seen.insert($0).inserted ? $0 : nil }
        } while cursor != nil
        return messages.reversed()
    }

    /// Whether a message lies in the mailbox of whoever runs this: a person is given what their sessions got too.
    func isMine(_ message: Message) -> Bool {
        message.mailbox?.kind == (isSession ? .peer : key != nil ? .key : .member)
    }

    /// Says that these were shown, or are done with.
    func report(_ messages: [Message], _ state: MessageState) async throws {
        var rest = messages.filter { isMine($0) && $0.state != .held }[...]
        while !rest.isEmpty {
            let steps = rest.prefix(ReportReceipts.most).map {
                ReportReceipts.Step(messageId: $0.id, state: state, lane: isSession || key != nil ? .tool : .person)
            }
            rest = rest.dropFirst(ReportReceipts.most)
            _ = try await ask { client throws(APIFailure) in try await client.reportReceipts(steps, in: mesh.id) }
        }
    }

    /// An answer need not be addressed: it goes to whose message it answers, looked for among `known` first. As it was where
    /// that is kept no more.
    func addressed(_ message: Message, among known: [Message] = []) async throws -> Message {
        guard message.to.isEmpty, message.topic == nil, let id = message.replyTo else { return message }
        var answer = message
        if let asked = known.first(where: { $0.id == id }) {
            answer.to = [asked.from.address]
        } else {
            do {
                let asked = try await ask(.message(id)) { client throws(APIFailure) in
                    try await client.message(id, in: mesh.id)
                }
                answer.to = [asked.from.address]
            } catch let failure as MessageFailure where failure.failure.status == 404 {}
        }
        return answer
    }

    /// The message of an id, or of the beginning of one, in whichever of `places` it is.
    static func find(_ id: String, in places: [InMesh]) async throws -> (InMesh, Message) {
        var last: (any Error)?
        for place in places {
            do {
                let message = try await place.ask(.message(id)) { client throws(APIFailure) in
                    try await client.message(id, in: place.mesh.id)
                }
                return (place, message)
            } catch let failure as MessageFailure where failure.failure.status == 404 {
                last = failure
            }
        }
        throw last ?? Failure.noSuchID(text: id)
    }
}

extension ServerAccess {
    var isSession: Bool { token?.origin == .session }

    /// As whoever runs this: a launched session by its own token, else the account that is signed in.
    static func speaking(_ context: Context) async throws -> ServerAccess {
        let access = try await ServerAccess(context, asSession: true)
        guard access.token != nil else { throw access.notSignedIn }
        return access
    }

    /// As whoever runs this, where that is no session. Throws `person_only`.
    static func person(_ context: Context) async throws -> ServerAccess {
        guard await SurroundingSession.find(context) == nil else { throw PersonOnly() }
        let access = try await speaking(context)
        guard !access.isSession else { throw PersonOnly() }
        return access
    }
}

/// What a session may not do.
struct PersonOnly: Explained {
    func explanation(_ words: Words) -> Explanation {
        Explanation(
            code: "person_only", message: words.context.strings(MessageText.personOnly),
            remedy: words.context.strings(MessageText.personOnlyRemedy), exit: .notPermitted)
    }
}
