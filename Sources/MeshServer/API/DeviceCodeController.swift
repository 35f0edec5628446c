// /api/auth/cli/device-code: what the device asks, and the decision as JSON or form.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import NIOCore

struct DeviceCodeController {
    let codes: DeviceCodeService
    let approvals: ApprovalService

    /// `pages` is the same API behind the cookies' middleware: only a browser decides.
    func addRoutes(to api: RouterGroup<AppContext>, pages: RouterGroup<AppContext>) {
        api.post("auth/cli/device-code", use: create)
        api.get("auth/cli/device-code/:code", use: poll)
        api.delete("auth/cli/device-code/:code", use: withdraw)
        pages.post("auth/cli/device-code/:code/approve") { try await decide($0, context: $1, approve: true) }
        pages.post("auth/cli/device-code/:code/deny") { try await decide($0, context: $1, approve: false) }
    }

    @Sendable func create(_ request: Request, context: AppContext) async throws -> Response {
        let device = try await request.decode(as: DeviceCodeRequest.self, context: context)
        let code = try await codes.create(device, caller: Caller(request, context.address))
        return try WireAnswer.json(code, status: .created)
    }

    @Sendable func poll(_ request: Request, context: AppContext) async throws -> Response {
        // The token comes once: not into an answer whose body nobody gets.
        guard request.method == .get else { throw HTTPRefusal.methodNotAllowed(["DELETE", "GET"]) }
        let code = try context.parameters.require("code")
        let wait = try request.wait(upTo: DeviceCodeService.waitMax)
        // A poll has no body; one that announces some is not held, since it would be read before the wait.
        let isBare = (request.headers[.contentLength] ?? "0") == "0" && request.headers[.transferEncoding] == nil
        let ticket = codes.ticket(for: code)
        guard wait > 0, isBare else { return try Self.answer(try await codes.poll(ticket, wait: 0)) }
        do {
            // Notices a client that left; the connection is used up by it, and said to be.
            let status = try await request.body.consumeWithInboundCloseHandler { body in
                // To its end first: where an answer is ready before that, Hummingbird 2.28 ends the process.
                try await Self.readToEnd(body)
                return try await codes.poll(ticket, wait: wait)
            } onInboundClosed: {
                ticket.end(.left)
            }
            var response = try Self.answer(status)
            response.headers[.connection] = "close"
            return response
        } catch let refusal as Refusal {
            throw HTTPRefusal.last(refusal)
        }
    }

    @Sendable func withdraw(_ request: Request, context: AppContext) async throws -> Response {
        try await codes.withdraw(try context.parameters.require("code"))
        return WireAnswer.noContent
    }

    /// A form gets a page, JSON gets JSON.
    private func decide(_ request: Request, context: AppContext, approve: Bool) async throws -> Response {
        guard let visitor = context.visitor else { throw Refusal.fault }
        let isJSON = MediaType.of(request) == "application/json"
        let token = isJSON ? request.headers[.formToken] ?? "" : try await Form(request)["csrf_token"]
        try SameOrigin.check(request, visitor: visitor, address: codes.address, token: token)
        let code = try context.parameters.require("code")
        guard let session = visitor.session else {
            let signIn = OwnPath.signIn(then: "/cli-auth?code=\(code)")
            if isJSON { throw Refusal.unauthorized(.missing) }
            throw Redirect(path: signIn)
        }
        try await approvals.decide(
            PercentCoding.decode(code), account: session.account, approve: approve,
            caller: Caller(request, context.address))
        let status = approve ? "approved" : "denied"
        return isJSON ? try WireAnswer.json(["status": status]) : WireAnswer.redirect(to: "/cli-auth/\(status)")
    }

    /// Apart from the wait, whose frame would keep what the loop needs.
    private static func readToEnd(_ body: RequestBody) async throws {
        for try await _ in body {}
    }

    private static func answer(_ status: DeviceCodeStatus) throws -> Response {
        if status.status == .pending, status.interval == nil, let written = pending[status.opened == true ? 1 : 0] {
            return WireAnswer.json(written)
        }
        return try WireAnswer.json(status)
    }

    /// The two answers that nearly every poll gets, written once.
    private static let pending = [false, true].map {
        try? ByteBuffer(bytes: WireJSON.encode(DeviceCodeStatus(status: .pending, opened: $0)))
    }
}

extension Caller {
    init(_ request: Request, _ address: String) {
        self.init(address: address, userAgent: request.headers[.userAgent].map { String($0.prefix(200)) })
    }
}
