// The page of a mesh: what it shows to whom, what is written there, and its stream. Without scripts, as a text browser has it.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct MeshPageTests {
    private func visit(_ test: @escaping @Sendable (Talk, Browser) async throws -> Void) async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let talk = try await Talk(bench, client)
            let browser = Browser(client: client)
            _ = try await browser.get("/login")
            _ = try await browser.submit("/login", ["email": "bo@example.com", "password": "correct horse"])
            try await test(talk, browser)
        }
    }

    private func page(_ talk: Talk, _ more: String = "") -> String { "/dashboard/meshes/\(talk.meshID)\(more)" }

    @Test func itShowsWhoIsThereWhatWasSaidAndWhatWaits() async throws {
        try await visit { talk, browser in
            _ = try await talk.peer("api", of: talk.ada)
            _ = try await talk.ada.send(.post, "\(talk.path)/topics", #"{"name":"ci","about":"<b>Builds</b>"}"#)
            try await talk.say("Good <i>morning</i>", from: talk.adaID, topic: "general")
            try await talk.say("Only you", from: talk.adaID, to: [Mailbox(kind: .member, id: talk.boID)])
            let dashboard = try await browser.get("/dashboard").text
            #expect(dashboard.contains("href=\"/dashboard/meshes/\(talk.meshID)\"") && dashboard.contains("1 unread"))
            let text = try await browser.get(page(talk)).text
            #expect(text.contains("Good &lt;i&gt;morning&lt;/i&gt;") && !text.contains("<i>morning"))
            #expect(text.contains("ada/api") && text.contains("#ci") && text.contains("&lt;b&gt;Builds"))
            #expect(!text.contains("Only you") && text.contains("/with/ada"), "it waits at its own place")
            let with = try await browser.get(page(talk, "/with/ada"))
            #expect(with.status == .ok && with.text.contains("Only you") && !with.text.contains("morning"))
            let spanish = try await browser.get(page(talk, "?lang=es")).text
            #expect(spanish.contains("Aquí ahora"))
        }
    }

    @Test func whatIsWrittenThereIsSentOnce() async throws {
        try await visit { talk, browser in
            _ = try await browser.get(page(talk))
            let fields = ["to": "#general", "body": "From the page\r\nin two lines", "client_id": "one"]
            for _ in 0..<2 {
                let answer = try await browser.submit(page(talk), fields)
                #expect(answer.status == .seeOther && answer.headers[.location] == page(talk))
            }
            let said = try await talk.ada.get("\(talk.path)/messages?topic=general")
                .decodedList("messages", of: Message.self)
            #expect(said.map(\.body) == ["From the page\nin two lines"])
            #expect(said.first?.from.kind == .member && said.first?.from.name == "Bo")
            let nobody = try await browser.submit(
                page(talk), ["to": "nobody", "body": "Kept <as> is", "client_id": "two"])
            #expect(nobody.status == .unprocessableContent && nobody.text.contains("Nobody here is called nobody."))
            #expect(nobody.text.contains("Kept &lt;as&gt; is"), "nothing typed is lost")
            let forged = try await browser.submit(
                page(talk), ["to": "ada", "body": "x", "client_id": "three", "csrf_token": "no"])
            #expect(forged.status == .forbidden)
        }
    }

    @Test func whatWasOnTheScreenIsRead() async throws {
        try await visit { talk, browser in
            let id = try await talk.say("Only you", from: talk.adaID, to: [Mailbox(kind: .member, id: talk.boID)])
            let topic = try await talk.say("All", from: talk.adaID, topic: "general")
            #expect(try await browser.get(page(talk, "/with/ada")).text.contains("value=\"\(id)\""))
            _ = try await browser.submit(page(talk, "/with/ada/seen"), ["ids": id])
            let message = try await talk.ada.get("\(talk.path)/messages/\(id)").decoded(Message.self)
            #expect(message.states == [.seen: 1])
            #expect(try await browser.get(page(talk)).text.contains("1 unread"))
            _ = try await browser.submit(page(talk, "/seen"), ["up_to": topic])
            let text = try await browser.get(page(talk)).text
            #expect(!text.contains("1 unread") && !text.contains("id=\"seen\""))
        }
    }

    @Test func itIsThereForMembersAloneAndItsStreamForItsOwnOrigin() async throws {
        try await visit { talk, browser in
            let eve = try await talk.bench.person("Eve", talk.client)
            for path in ["", "/topics/general", "/with/ada", "/events"] {
                #expect(try await eve.get(page(talk, path)).status == .notFound, "\(path)")
            }
            for path in ["/topics/none", "/with/nobody"] {
                #expect(try await browser.get(page(talk, path)).status == .notFound, "\(path)")
            }
            #expect(try await Browser(client: talk.client).get(page(talk)).status == .seeOther)
            let foreign = try await browser.get(page(talk, "/events"), headers: [.secFetchSite: "cross-site"])
            #expect(foreign.status == .forbidden)
            let stream = Task { try await browser.get(page(talk, "/events")) }
            try await eventually { talk.bench.services.changes.count == 1 }
            _ = try await talk.ada.send(.delete, "\(talk.path)/members/\(talk.boID)")
            let answer = try await stream.value
            #expect(answer.headers[.contentType] == "text/event-stream")
            #expect(answer.text.contains("event: ended") && answer.text.contains("removed"))
        }
    }

    /// A stranger of Bo's mesh and what they said to Bo, who looks at the page.
    private func hearStranger(
        _ test: @escaping @Sendable (Talk, Browser, _ mal: API, _ first: String) async throws -> Void
    ) async throws {
        try await visit { talk, browser in
            let invite = try await talk.ada.send(.post, "\(talk.path)/invites", #"{"max_uses":9}"#).decoded(Invite.self)
            let mal = try await talk.bench.signIn(try await talk.bench.person("Mal", talk.client), talk.client)
            _ = try await mal.send(.post, "/api/public/invites/\(invite.code)/claim", "{}")
            let body = #"{"to":"bo","body":"Hi <b>all</b>\u202e","client_id":"c1"}"#
            let sent = try await mal.send(.post, "\(talk.path)/messages", body).decoded(SentMessage.self)
            _ = try await browser.get(page(talk))
            try await test(talk, browser, mal, sent.id)
        }
    }

    private func states(_ talk: Talk, _ mal: API, _ id: String) async throws -> [MessageState: Int]? {
        try await mal.get("\(talk.path)/messages/\(id)").decoded(Message.self).states
    }

    @Test func aFirstWordIsShownInertAndDecidedThere() async throws {
        try await hearStranger { talk, browser, mal, first in
            let text = try await browser.get(page(talk)).text
            #expect(
                text.contains("Hi &lt;b&gt;all&lt;/b&gt;") && !text.contains("\u{202E}") && !text.contains("<b>all"))
            #expect(
                text.contains("by Ada&#39;s link, 1 of its 9 uses") || text.contains("by Ada's link, 1 of its 9 uses"))
            // Left for later it is out of sight there, and waits on.
            let later = try await browser.submit(page(talk, "/held"), ["message": first, "decision": "later"])
            let place = try #require(later.headers[.location])
            #expect(later.status == .seeOther && place == page(talk, "?later=\(first)"))
            let aside = try await browser.get(place).text
            #expect(!aside.contains("Hi &lt;b&gt;") && aside.contains("1 first message left for later"))
            #expect(try await states(talk, mal, first) == [.held: 1])
            for fields in [
                ["message": first, "decision": "let_in", "csrf_token": "no"], ["message": first, "decision": "maybe"],
                ["message": "nothing", "decision": "let_in"],
            ] {
                let answer = try await browser.submit(page(talk, "/held"), fields)
                #expect([403, 404, 422].contains(answer.status.code), "\(fields)")
            }
            #expect(try await states(talk, mal, first) == [.held: 1])
            let letIn = try await browser.submit(
                page(talk, "/with/mal/held"), ["message": first, "decision": "let_in"])
            #expect(letIn.headers[.location] == page(talk, "/with/mal"))
            #expect(try await states(talk, mal, first) == [.queued: 1])
            // Pressed again, by a page that is old, nothing happens.
            let old = try await browser.submit(page(talk, "/held"), ["message": first, "decision": "block"])
            #expect(old.status == .seeOther)
            #expect(try await states(talk, mal, first) == [.queued: 1])
        }
    }

    @Test(arguments: [("refuse", "not_allowed", "refused"), ("block", "blocked", "blocked")])
    func aFirstWordIsNotTaken(decision: String, code: String, state: String) async throws {
        try await hearStranger { talk, browser, mal, first in
            _ = try await browser.submit(page(talk, "/held"), ["message": first, "decision": decision])
            #expect(try await states(talk, mal, first) == [.refused: 1])
            let body = #"{"to":"bo","body":"Again","client_id":"c2"}"#
            #expect(try await mal.send(.post, "\(talk.path)/messages", body).refusal.error == code)
            let grants = try await talk.bo.get("\(talk.path)/grants").decodedList("grants", of: Grant.self)
            #expect(grants.first { $0.member.handle == "mal" }?.state.rawValue == state)
        }
    }
}
