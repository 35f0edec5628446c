// What every request passes on its way to a route, and every answer on its way back, in one function: as middlewares of their
// own, each would keep its copy of the request and the context for as long as a poll is held.
// To add a stop: a value in Guards.swift, a line here.

internal import Hummingbird

struct Entrance: RouterMiddleware {
    let clients: ClientAddress
    let hosts: HostGuard
    let errors: ErrorAnswers
    let headers: SecurityHeaders
    let log: AccessLog

    func handle(_ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response)
        async throws -> Response
    {
        var context = context
        context.address = clients.address(of: request, from: context.address, logger: context.logger)
        let start = log.came(request)
        var response: Response
        do {
            try hosts.check(request)
            try BodyLimit.check(request)
            response = try await next(request, context)
        } catch {
            response = try await errors.answer(error, to: request, context: context)
            if request.method == .head { response = response.createHeadResponse() }
        }
        log.answered(request, with: response, context: context, since: start)
        headers.add(to: &response.headers)
        return response
    }
}
