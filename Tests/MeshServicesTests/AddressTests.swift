// Addresses: every row of their table, those who are near, and that nothing written makes it answer two.

import Foundation
import MeshAPI
import MeshStore
import Testing

@testable import MeshServices

@Suite struct AddressTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private static func member(_ id: String, _ handle: String) -> AddressBook.Member {
        AddressBook.Member(name: MemberName(id: id, name: handle, handle: handle), membership: .member, isVouched: true)
    }

    private static func row(
        _ id: String, _ account: String, _ handle: String, role: String? = nil, heard: Double = 0, isGone: Bool = false
    ) -> PresenceRow {
        PresenceRow(
            sessionID: id, meshID: "m", accountID: account, credentialID: "c", displayName: handle, role: role, pid: 1,
            host: "box", tokenDigest: id, since: now, heardAt: now.addingTimeInterval(-heard), handle: handle,
            receives: .wake, status: .idle, statusAt: now, attention: .open, attentionChosen: .open,
            goneAt: isGone ? now.addingTimeInterval(-heard) : nil)
    }

    private static let book: AddressBook = {
        let members = [member("account-ana", "ana"), member("account-bo", "bo"), member("account-cem", "cem")]
        let byID = Dictionary(uniqueKeysWithValues: members.map { ($0.id, $0) })
        let rows = [
            row("aaaa1111", "account-ana", "api"), row("aaaa2222", "account-ana", "reviewer", role: "reviewer"),
            row("bbbb1111", "account-bo", "api", heard: 500), row("bbbb2222", "account-bo", "api", heard: 200),
            row("bbbb3333", "account-bo", "docs", role: "Revisión"), row("cccc1111", "account-cem", "ui", role: "lead"),
            row("cccc2222", "account-cem", "tests", isGone: true),
        ]
        let peers = rows.compactMap { row in
            byID[row.accountID].map { AddressBook.PeerEntry(row: row, member: $0, at: now) }
        }
        return AddressBook(
            members: byID, peers: Dictionary(uniqueKeysWithValues: peers.map { ($0.id, $0) }),
            topics: [.init(id: "t", name: "ci")], firstContact: .vouched, now: now)
    }()

    private static func speaker(_ id: String) -> Speaker {
        let peer = book.peers[id]
        let account = AccountRow(
            id: peer?.member.id ?? id, kind: .person, name: "x", passwordChangedAt: now, createdAt: now)
        let info = CredentialInfo(id: id, kind: peer == nil ? .session : .peer, name: "x", expiresAt: nil)
        return Speaker(Reader(account: account, credential: info, peer: peer?.row))
    }

    /// What an address means, as a text.
    private static func meaning(_ address: String, by speaker: String) -> String {
        do {
            switch try book.resolve(address, for: Self.speaker(speaker), isInContact: { $0.id != "account-cem" }) {
            case .peer(let peer): return peer.id
            case .member(let member): return member.id
            case .topic(let topic): return "#\(topic.id)"
            case .probe: return "probe"
            case .several(let peers, let members, let outside, _):
                let reached = peers.map(\.id) + members.map(\.id)
                return reached.joined(separator: ",")
                    + (outside.isEmpty ? "" : " -" + outside.map(\.id).joined(separator: ","))
            }
        } catch AddressProblem.ambiguous(let candidates) {
            return "ambiguous " + candidates.map(\.address).joined(separator: ",")
        } catch AddressProblem.unknown(let near, let roles) {
            return "none " + near.map(\.address).joined(separator: ",") + (roles.map { " @\($0.count)" } ?? "")
        } catch AddressProblem.isSelf {
            return "self"
        } catch {
            return "malformed"
        }
    }

    @Test(arguments: [
        // that member's peer; live before kept, the latest before older
        ("ana/api", "bbbb3333", "aaaa1111"), ("BO/API", "aaaa1111", "bbbb2222"), ("cem/tests", "aaaa1111", "cccc2222"),
        // one's own peer; the member; the only peer; ambiguous
        ("api", "aaaa2222", "aaaa1111"), ("api", "bbbb3333", "bbbb2222"), ("ana", "bbbb3333", "account-ana"),
        ("docs", "aaaa1111", "bbbb3333"), ("tests", "aaaa1111", "cccc2222"),
        ("api", "cccc1111", "ambiguous ana/api,bo/api"), ("api", "account-cem", "ambiguous ana/api,bo/api"),
        // ids and their beginnings
        ("cccc1111", "aaaa1111", "cccc1111"), ("cccc11", "aaaa1111", "cccc1111"), ("cccc1", "aaaa1111", "none "),
        ("account-cem", "aaaa1111", "account-cem"), ("account-c", "aaaa1111", "account-cem"),
        ("account-", "cccc1111", "ambiguous ana,bo,cem"),
        // roles and handles, also by their Spanish names; those out of contact are named
        ("@reviewer", "aaaa1111", "aaaa2222,bbbb3333"), ("@revisión", "aaaa2222", "bbbb3333"),
        ("@api", "bbbb3333", "aaaa1111"), ("@lead", "aaaa1111", " -cccc1111"), ("@nobody", "aaaa1111", "none  @2"),
        ("@all", "aaaa1111", "aaaa2222,bbbb3333 -cccc1111"),
        ("@todos", "account-ana", "aaaa1111,aaaa2222,bbbb3333 -cccc1111"),
        ("#ci", "aaaa1111", "#t"), ("#cii", "aaaa1111", "none #ci"), ("@self", "aaaa1111", "probe"),
        // oneself; one's own person is somebody else
        ("api", "aaaa1111", "self"), ("ana/api", "aaaa1111", "self"), ("aaaa1111", "aaaa1111", "self"),
        ("ana", "account-ana", "self"), ("ana", "aaaa1111", "account-ana"), ("bo", "account-ana", "account-bo"),
        // near
        ("ana/reviewr", "bbbb3333", "none ana/reviewer"), ("revewer", "bbbb3333", "none ana/reviewer @1"),
        ("bo/apii", "bbbb3333", "none ana/api,bo/api"), ("zzzzzz", "aaaa1111", "none "),
        ("", "aaaa1111", "malformed"), ("a\u{7}b", "aaaa1111", "malformed"), ("a/b/c", "aaaa1111", "none "),
    ])
    func anAddressMeans(address: String, speaker: String, meaning: String) {
        let found = Self.meaning(address, by: speaker)
        let sorted =
            found.hasPrefix("ambiguous")
            ? "ambiguous " + found.dropFirst(10).split(separator: ",").sorted().joined(separator: ",") : found
        #expect(sorted == meaning)
    }

    /// Whatever is written: nobody but whom it names, never the speaker, and no crash.
    @Test func anythingIsAnAddressOrIsNot() {
        var random = SystemRandomNumberGenerator()
        let letters = Array("abimo/@#-1 é\u{202E}👩‍🔬ANA")
        for _ in 0..<2000 {
            let text = String(
                (0..<Int.random(in: 0...12, using: &random)).map { _ in
                    letters[Int.random(in: 0..<letters.count, using: &random)]
                })
            let found = Self.meaning(text, by: "aaaa1111")
            let reached = found.split(separator: " ").first?.split(separator: ",") ?? []
            #expect(!reached.contains("aaaa1111"), "\(text)")
        }
    }

    @Test(arguments: [
        ("reviewer", "revewer", 1), ("docs", "dosc", 1), ("api", "ap", 1), ("api", "api", 0), ("api", "xyz", 3),
    ])
    func distances(name: String, written: String, distance: Int) {
        #expect(AddressBook.distance(name, written) == distance)
    }
}
