// /dashboard/meshes/{id}: what goes on in a mesh, and a box to write in. #general stands there, other topics and what was said
// with one beside it. Whole without scripts; with them `live.js` takes its parts anew whenever something happens.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import Text

struct MeshPages {
    let services: Services
    let pages: PageRenderer

    /// What is said where the page is.
    enum Place: Sendable, Hashable {
        case topic(String)
        case with(String)

        /// What one writes to.
        var address: String {
            switch self {
            case .topic(let name): "#\(name)"
            case .with(let address): address
            }
        }

        func path(_ meshID: String) -> String {
            let mesh = "/dashboard/meshes/\(Route.encoded(meshID))"
            return switch self {
            case .topic(Topic.general): mesh
            case .topic(let name): "\(mesh)/topics/\(Route.encoded(name))"
            case .with(let address): "\(mesh)/with/\(Route.encoded(address))"
            }
        }
    }

    func addRoutes(to account: RouterGroup<WebContext>) {
        let mesh = account.group("dashboard/meshes/:id")
        mesh.get("events", use: stream)
        for path in ["", "topics/:name", "with/:name"] {
            mesh.get(RouterPath(path)) { try await show($0, context: $1) }
            mesh.post(RouterPath(path), use: write)
            mesh.post(RouterPath(path.isEmpty ? "seen" : path + "/seen"), use: markSeen)
            mesh.post(RouterPath(path.isEmpty ? "held" : path + "/held"), use: decide)
        }
    }

    private func show(_ request: Request, context: WebContext, form: Form? = nil, error: String? = nil) async throws
        -> Response
    {
        let view = MeshPageView(
            services: services, reader: context.reader, texts: pages.texts(context.visitor.language))
        let before = request.uri.queryParameters.get("before").flatMap { Int($0) }
        let later = LaterWords(request.uri.queryParameters.get("later") ?? "")
        let meshID = try context.meshID
        let (place, now) = (try place(context), services.surroundings.now())
        let (title, shown) = try await view.values(
            meshID: meshID, place: place, before: before, later: later, at: now)
        var values = shown
        values["to_value"] = form?["to"] ?? place.address
        values["body_value"] = form?["body"] ?? ""
        values["client_id"] = form?["client_id"] ?? Identifier.make()
        values["error"] = error ?? ""
        values["live"] = pages.link("live.js")
        return try pages.render(
            "mesh", title: title, values: values, request: request, visitor: context.visitor,
            status: error == nil ? .ok : .unprocessableContent)
    }

    /// Whoever writes here is the member. A form that is sent twice is one message.
    @Sendable private func write(_ request: Request, context: WebContext) async throws -> Response {
        let form = try await checkedForm(request, context)
        let meshID = try context.meshID
        let wanted = SendMessage(
            to: Addresses([form["to"].trimmingWhitespace()]), body: form["body"].replacing("\r\n", with: "\n"),
            clientId: form["client_id"])
        do {
            _ = try await services.messages.send(wanted, meshID: meshID, by: context.reader)
        } catch let refusal as Refusal {
            guard let text = Self.words(refusal) else { throw refusal }
            let texts = pages.texts(context.visitor.language)
            return try await show(
                request, context: context, form: form, error: texts(text, ["address": InertText.visible(form["to"])]))
        }
        return WireAnswer.redirect(to: try place(context).path(meshID))
    }

    /// What was on the screen is read.
    @Sendable private func markSeen(_ request: Request, context: WebContext) async throws -> Response {
        let form = try await checkedForm(request, context)
        let meshID = try context.meshID
        let ids = form["ids"].split(separator: " ").prefix(ReportReceipts.most)
        if !ids.isEmpty {
            let steps = ids.map { ReportReceipts.Step(messageId: String($0), state: .seen, lane: .person) }
            _ = try await services.receipts.report(
                ReportReceipts(receipts: steps), meshID: meshID, by: context.reader)
        }
        let place = try place(context)
        if case .topic(let name) = place, !form["up_to"].isEmpty {
            try await services.topics.read(name, upTo: form["up_to"], by: context.reader, meshID: meshID)
        }
        return WireAnswer.redirect(to: place.path(meshID))
    }

    /// The page's own stream, by the browser's cookie: of this origin alone.
    @Sendable private func stream(_ request: Request, context: WebContext) async throws -> Response {
        guard ["same-origin", nil].contains(request.headers[.secFetchSite]) else { throw Refusal.formRefused }
        let (meshID, reader) = (try context.meshID, context.reader)
        let database = services.database
        try await database.lookUp { try reader.require(meshID, in: $0) }
        let viewer = Viewer(reader, meshID: meshID, proof: .browser(context.session.digest))
        let last = request.headers[.lastEventID]
        let cursor = try await services.events.cursor(last, field: "Last-Event-ID", for: viewer)
        let answer = EventAnswer(events: services.events, viewer: viewer, channel: context.channel)
        return try answer.stream(request, from: cursor)
    }

    func place(_ context: WebContext) throws -> Place {
        guard let name = context.parameters.get("name").map({ PercentCoding.decode($0) }) else {
            return .topic(Topic.general)
        }
        return context.endpointPath?.contains("/topics/") == true ? .topic(name) : .with(name)
    }

    func checkedForm(_ request: Request, _ context: WebContext) async throws -> Form {
        let form = try await Form(request)
        try SameOrigin.check(request, visitor: context.visitor, address: services.address, token: form["csrf_token"])
        return form
    }

    /// What a page says of what was not sent; nil where it says no more than any page.
    private static func words(_ refusal: Refusal) -> PageText? {
        switch (refusal.body.error, refusal.body.field) {
        case ("no_recipient", _): .meshNoRecipient
        case ("ambiguous", _): .meshAmbiguous
        case ("self", _): .meshSelf
        case ("blocked", _), ("not_allowed", _): .meshBlocked
        case ("held_full", _): .meshHeldFull
        case ("too_large", _): .meshTooLong
        case ("invalid", "body"): .meshEmpty
        case ("invalid", "to"): .meshNoRecipient
        default: nil
        }
    }
}

extension WebContext {
    /// The member behind the browser.
    var reader: Reader {
        Reader(
            account: session.account,
            credential: CredentialInfo(id: session.digest, kind: .session, name: "browser", expiresAt: nil))
    }
}
