// People in a mesh who let each other in, refuse, block and write at random, and what the rules made of each message.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

/// One who reads and writes: a member, a session of theirs, or a script by a key.
struct Party {
    /// The member behind it; a key's maker.
    var accountID: String
    var mailbox: Mailbox
    var address: String
    var api: API
    /// What a script may.
    var key: MeshKey?
    var cursor = ""
    /// All it was told of, by polls.
    var told: [String] = []
}

/// A message that may be read at a mailbox, for good.
struct Passed: Hashable {
    var messageID: String
    var accountID: String
    var mailbox: Mailbox
}

struct Crowd {
    let table: MeshTable
    var chance: Random
    var parties: [Party] = []
    /// Every message that was taken.
    var said: [String] = []
    var passed: Set<Passed> = []
    /// How often something was held or refused.
    var stopped = 0
    private var number = 0

    init(_ bench: Bench, _ client: any TestClientProtocol, seed: UInt64) async throws {
        chance = Random(seed: seed)
        let ada = try await bench.signIn(try await bench.person("Ada", client), client)
        let mesh = try await ada.send(.post, "/api/my/meshes", #"{"name":"Crowd"}"#).decoded(Mesh.self)
        table = MeshTable(bench: bench, client: client, meshID: mesh.id, owner: ada)
        var people = [("Ada", ada)]
        for (name, uses) in [("Bo", 1), ("Cy", 9), ("Dee", 9), ("Eve", 1)] {
            people.append((name, try await table.member(name, uses: uses)))
        }
        for (name, api) in people {
            let id = try await bench.accountID(name)
            let member = Mailbox(kind: .member, id: id)
            parties.append(Party(accountID: id, mailbox: member, address: name.lowercased(), api: api))
            for number in 1...(name == "Bo" ? 2 : 1) {
                let session = "s-\(name)-\(number)"
                let peer = try await table.session(
                    session, of: api, name: "w\(number)", role: number == 1 ? "reviewer" : "lead")
                parties.append(
                    Party(
                        accountID: id, mailbox: Mailbox(kind: .peer, id: session),
                        address: "\(name.lowercased())/w\(number)",
                        api: API(client: client, token: peer.token, scheme: "ClaudeMesh-Session")))
            }
        }
        _ = try await ada.send(.post, "\(table.path)/topics", #"{"name":"ci"}"#)
        for rest in ["", #","topics":["ci"]"#, #","can":["read"],"topics":["ci"]"#, #","can":["read","topics"]"#] {
            let key = try await ada.send(.post, "\(table.path)/keys", #"{"label":"script"\#(rest)}"#).decoded(
                MeshKey.self)
            parties.append(
                Party(
                    accountID: parties[0].accountID, mailbox: Mailbox(kind: .key, id: key.id), address: "script",
                    api: API(client: client, token: key.key), key: key))
        }
        for index in parties.indices { parties[index].cursor = try await events(parties[index], after: nil).cursor }
    }

    func events(_ party: Party, after: String?) async throws -> EventPage {
        let query = after.map { "?after=\($0)&wait=0" } ?? ""
        return try await party.api.get("\(table.path)/events\(query)").decoded(EventPage.self)
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &chance)]
    }

    private var members: [Party] { parties.filter { $0.mailbox.kind == .member } }

    mutating func doSomething() async throws {
        switch Int.random(in: 0..<10, using: &chance) {
        case 0:
            let other = pick(members).accountID
            let can = pick(["[]", "[]", #"["dm"]"#, #"["broadcast"]"#, #"["dm","broadcast"]"#])
            _ = try await table.put(pick(members).api, other, can)
        case 1:
            _ = try await pick(members).api.send(.delete, "\(table.path)/grants/\(pick(members).accountID)")
        case 2:
            let body = pick([#"{"first_contact":"ask"}"#, #"{"first_contact":null}"#])
            _ = try await pick(members).api.send(.patch, "\(table.path)/members/me", body)
        case 3:
            let body = #"{"first_contact":"\#(pick(["open", "vouched", "ask"]))"}"#
            _ = try await table.owner.send(.patch, table.path, body)
        case 4:
            guard !said.isEmpty else { return }
            let body = #"{"receipts":[{"message_id":"\#(pick(said))","state":"refused"}]}"#
            _ = try await pick(members).api.send(.post, "\(table.path)/receipts", body)
        default: try await say()
        }
        try await settle()
        table.bench.time.advance(Double(pick([1, 60, 50_000])))
        let now = table.bench.time.now
        try await table.bench.database.write { try $0.run("UPDATE presences SET heard_at = ?1", now.milliseconds) }
    }

    /// By any address, from anybody, with any mention and answer.
    private mutating func say() async throws {
        let speaker = pick(parties)
        let addresses =
            parties.filter { $0.key == nil }.map(\.address) + [
                "@reviewer", "@lead", "@all", "#general", "#general", "#ci", "#ci",
            ]
        var to: String? = pick([pick(addresses), #"["\#(pick(addresses))","\#(pick(addresses))"]"#])
        var more = ""
        if !said.isEmpty, Bool.random(using: &chance) {
            more = #","reply_to":"\#(pick(said))""#
            if Bool.random(using: &chance) { to = nil }
        }
        if Bool.random(using: &chance) { more += #","mentions":["\#(pick(parties).address)"]"# }
        number += 1
        let body = "n\(number) @\(pick(members).address) @w2"
        let before = try await oracle(speaker.accountID)
        let answer = try await speaker.api.send(
            .post, "\(table.path)/messages", MeshTable.body(to, body, id: "c\(number)", more: more))
        guard answer.status == .created else {
            #expect([403, 404, 409, 422, 429].contains(answer.status.code), "\(answer.text)")
            stopped += answer.status == .forbidden ? 1 : 0
            return
        }
        let id = try answer.decoded(SentMessage.self).id
        said.append(id)
        try await judge(id, of: speaker, before)
    }

    /// What becomes of a text of that member's at each other, by each way.
    private func oracle(_ senderID: String) async throws -> [String: [ContactRules.Way: ContactDecision]] {
        let (meshID, now) = (table.meshID, table.bench.time.now)
        return try await table.bench.database.read { transaction in
            let book = try #require(try AddressBook.load(meshID: meshID, in: transaction, at: now))
            let rules = ContactRules(
                book: book, grants: try transaction.grants.grants(to: senderID, meshID: meshID))
            return book.members.mapValues { member in
                Dictionary(
                    uniqueKeysWithValues: [ContactRules.Way.direct, .answer, .several].map {
                        ($0, rules.decide(from: senderID, to: member, by: $0))
                    })
            }
        }
    }

    /// Each receipt of a new message is as the rules had it before it was sent.
    private mutating func judge(
        _ id: String, of speaker: Party, _ before: [String: [ContactRules.Way: ContactDecision]]
    ) async throws {
        let (receipts, answered) = try await table.bench.database.read { transaction in
            let replyTo: String? = try transaction.first("SELECT reply_to FROM messages WHERE id = ?1", id)?["reply_to"]
            let answered = try replyTo.map { try transaction.receipts.receipts(messageID: $0) } ?? []
            return (try transaction.receipts.receipts(messageID: id), answered)
        }
        try await checkKey(of: speaker, saying: id)
        for receipt in receipts {
            let here = Passed(messageID: id, accountID: receipt.accountID, mailbox: receipt.mailbox)
            if receipt.accountID == speaker.accountID {
                #expect(receipt.state == .queued)
                passed.insert(here)
                continue
            }
            let wasAsked = answered.contains {
                $0.fromAccount == receipt.accountID && $0.accountID == speaker.accountID && $0.state != .held
                    && $0.state != .refused
            }
            let ways: [ContactRules.Way] =
                switch receipt.reason {
                case .broadcast, .mention: [.several]
                // An address may name who asked, too; what a script says in a topic is said to all who answer it.
                default: wasAsked || receipt.mailbox.kind == .key ? [.answer, .direct] : [.direct]
                }
            let fitting = ways.compactMap { before[receipt.accountID]?[$0] }
            switch receipt.state {
            case .queued:
                #expect(fitting.contains(.deliver), "\(receipt.reason) of \(speaker.address) at \(receipt.address)")
                passed.insert(here)
            case .held:
                #expect(fitting.contains(.hold))
                stopped += 1
            default:
                #expect(!fitting.allSatisfy { $0 == .deliver })
                stopped += 1
            }
        }
    }

    /// A script says what its key lets it, where its key lets it.
    private func checkKey(of speaker: Party, saying id: String) async throws {
        guard let key = speaker.key else { return }
        let meshID = table.meshID
        let topic = try await table.bench.database.read { transaction -> String? in
            let row = try #require(try transaction.messages.message(id: id, meshID: meshID))
            return try row.topicID.flatMap { try transaction.topicPosts.name(id: $0) }
        }
        #expect(key.can.contains(.send) || key.can.contains(.topics) && topic != nil)
        if let topics = key.topics { #expect(topic.map(topics.contains) == true) }
    }

    /// What was held goes on where the rules let it now, and only there.
    private mutating func settle() async throws {
        let meshID = table.meshID
        for id in said {
            let receipts = try await table.bench.database.read { try $0.receipts.receipts(messageID: id) }
            for receipt in receipts where receipt.times[.held] != nil && receipt.state == .queued {
                let here = Passed(messageID: id, accountID: receipt.accountID, mailbox: receipt.mailbox)
                guard !passed.contains(here) else { continue }
                let now = try await oracle(receipt.fromAccount)[receipt.accountID]?[.direct]
                #expect(now == .deliver, "let in at \(receipt.address) in \(meshID)")
                passed.insert(here)
            }
        }
    }
}
