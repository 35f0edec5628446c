// First messages on a mesh's page: shown inert, with who they are from, and let in, refused, blocked or left for later there.
// Without scripts each button loads the page anew.

internal import FoundationEssentials
internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import Text

/// The messages that one left for later: they stand in the page's address, and wait on.
struct LaterWords: Sendable {
    var ids: [String]

    private static let most = 20

    init(_ text: String) {
        ids = text.split(separator: ".").prefix(Self.most).map(String.init).filter(SessionRules.isID)
    }

    var text: String { ids.joined(separator: ".") }

    var query: String { ids.isEmpty ? "" : "?later=" + ids.map(PercentCoding.encode).joined(separator: ".") }
}

extension MeshPages {
    /// A button of a first message. One that waits no more is left as it is.
    @Sendable func decide(_ request: Request, context: WebContext) async throws -> Response {
        let form = try await checkedForm(request, context)
        let (meshID, reader) = (try context.meshID, context.reader)
        var later = LaterWords(form["later"])
        let message = try await services.messages.message(form["message"], meshID: meshID, for: reader)
        let sender = message.from.member.id
        if message.state == .held {
            switch form["decision"] {
            case "let_in":
                let all = PutGrant(can: GrantAbility.allCases)
                _ = try await services.grants.put(all, to: sender, meshID: meshID, by: reader.account)
            case "refuse":
                let step = ReportReceipts.Step(messageId: message.id, state: .refused)
                _ = try await services.receipts.report(
                    ReportReceipts(receipts: [step]), meshID: meshID, by: reader)
            case "block":
                _ = try await services.grants.put(PutGrant(can: []), to: sender, meshID: meshID, by: reader.account)
            case "later": later.ids.append(message.id)
            default: throw Refusal.invalid("decision", "decision is let_in, refuse, block or later.")
            }
        }
        return WireAnswer.redirect(to: try place(context).path(meshID) + later.query)
    }
}

extension MeshPageView {
    /// Who they are from, as contacts.
    func contacts(of held: [Message], _ meshID: String) async throws -> [String: Grant] {
        guard !held.isEmpty else { return [:] }
        let all = try await services.grants.list(
            meshID: meshID, for: reader.account, page: PageRequest(of: .grants, limit: .max - 1)
        ).items
        return Dictionary(uniqueKeysWithValues: all.map { ($0.member.id, $0) })
    }

    func held(_ message: Message, _ grant: Grant?, _ later: LaterWords, _ now: Date) -> [String: Any] {
        let name = InertText.visible(message.from.member.name)
        let all = [
            "id": message.id, "who": self.name(message.from), "when": time(message.createdAt, now),
            "to": InertText.visible(message.to.joined(separator: ", ")), "body": InertText.lines(message.body),
            "facts": grant.map { facts(of: $0, now) } ?? "", "later": later.text,
            "state": texts[MessageState.held.text], "hint": texts(PageText.meshHeldHint, ["name": name]),
        ]
        return all.filter { !$0.value.isEmpty || $0.key == "later" }
    }

    /// `a guest, since 18 Nov, by Bo Chen's link, 3 of its 10 uses`.
    private func facts(of grant: Grant, _ now: Date) -> String {
        var parts = grant.guest == true ? [texts[PageText.contactGuest]] : []
        parts.append(texts(PageText.contactSince, ["date": time(grant.since, now)]))
        if let inviter = grant.invitedBy.map({ InertText.visible($0.name) }) {
            let invite = grant.invite.flatMap { $0.maxUses > 1 ? $0 : nil }
            parts.append(
                invite.map {
                    texts(
                        PageText.contactByLink,
                        ["name": inviter, "uses": texts.number($0.uses), "n": texts.number($0.maxUses)])
                } ?? texts(PageText.contactByInvite, ["name": inviter]))
        }
        return parts.joined(separator: ", ")
    }
}
