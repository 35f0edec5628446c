// The device flow for standard OAuth clients, over the same codes: RFC 8628 (the flow), 6749 (errors), 8414 (metadata).
// One public client, without a secret: `claudemesh-cli`.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct OAuthController {
    static let clientID = "claudemesh-cli"
    static let deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
    /// Seconds between polls; whole, since clients read it as an integer.
    static let interval = 2

    let codes: DeviceCodeService
    let address: PublicAddress
    let now: @Sendable () -> Date

    func addRoutes(to router: Router<AppContext>) {
        router.post("oauth/device_authorization", use: authorize)
        router.post("oauth/token", use: token)
        router.get(".well-known/oauth-authorization-server") { _, _ in try WireAnswer.json(metadata) }
    }

    @Sendable func authorize(_ request: Request, context: AppContext) async throws -> Response {
        try await answering(request) {
            let form = try await Self.form(request)
            let device = DeviceCodeRequest(
                deviceName: form["device_name"].nonEmpty ?? Self.program(request),
                deviceOs: form["device_os"].nonEmpty ?? "OAuth",
                deviceArch: form["device_arch"].nonEmpty ?? "RFC 8628")
            let code = try await codes.create(device, caller: Caller(request, context.address))
            return try Self.noStore(
                DeviceAuthorization(
                    deviceCode: code.deviceCode, userCode: code.userCode, verificationUri: code.verificationUrl,
                    verificationUriComplete: code.verificationUrlComplete, expiresIn: code.expiresIn,
                    interval: Self.interval))
        }
    }

    @Sendable func token(_ request: Request, context: AppContext) async throws -> Response {
        try await answering(request) {
            let form = try await Self.form(request)
            guard let grant = form["grant_type"].nonEmpty else { throw OAuthError.invalidRequest }
            guard grant == Self.deviceGrant else { throw OAuthError.unsupportedGrantType }
            guard let code = form["device_code"].nonEmpty else { throw OAuthError.invalidRequest }
            let status = try await codes.poll(code, wait: 0)
            switch status.status {
            case .pending: throw OAuthError.authorizationPending
            case .denied: throw OAuthError.accessDenied
            case .expired: throw OAuthError.expiredToken
            case .approved:
                guard let token = status.token else { throw OAuthError.invalidGrant }
                let left = status.expiresAt.map { Int($0.timeIntervalSince(now())) }
                return try Self.noStore(TokenAnswer(accessToken: token, tokenType: "Bearer", expiresIn: left))
            }
        }
    }

    /// `none`, since RFC 8414 wants a response type and allows no empty list: there is no authorization endpoint.
    private var metadata: OAuthMetadata {
        OAuthMetadata(
            issuer: address.base, deviceAuthorizationEndpoint: "\(address.base)/oauth/device_authorization",
            tokenEndpoint: "\(address.base)/oauth/token", responseTypesSupported: ["none"],
            grantTypesSupported: [Self.deviceGrant], tokenEndpointAuthMethodsSupported: ["none"])
    }

    /// Turns what the device codes refuse into the words of RFC 6749 and 8628; what is not theirs (429, 503) stays.
    private func answering(_ request: Request, _ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let error as OAuthError {
            return try Self.refuse(error, request)
        } catch let refusal as Refusal where refusal.body.slowDown == true {
            return try Self.refuse(.slowDown, request)
        } catch let refusal as Refusal where refusal.status == .notFound {
            return try Self.refuse(.invalidGrant, request)
        } catch let refusal as Refusal
            where [.unprocessableContent, .unsupportedMediaType].contains(refusal.status)
        {
            return try Self.refuse(.invalidRequest, request)
        }
    }

    /// 400; a client that tried to authenticate as another by the header is told by which scheme (RFC 6749 §5.2).
    private static func refuse(_ error: OAuthError, _ request: Request) throws -> Response {
        guard error == .invalidClient, request.headers[.authorization] != nil else {
            return try noStore(error.body, status: .badRequest)
        }
        var response = try noStore(error.body, status: .unauthorized)
        response.headers[.wwwAuthenticate] = "Basic realm=\"claudemesh\""
        return response
    }

    /// The form of a request by the one client there is.
    private static func form(_ request: Request) async throws -> Form {
        let form = try await Form(request)
        guard !form.isDoubled else { throw OAuthError.invalidRequest }
        guard let client = form["client_id"].nonEmpty else {
            throw request.headers[.authorization] == nil ? OAuthError.invalidRequest : .invalidClient
        }
        guard client == clientID else { throw OAuthError.invalidClient }
        return form
    }

    /// What the card calls a device that does not name itself: its program, `python-requests` of `python-requests/2.31`.
    private static func program(_ request: Request) -> String {
        let name = request.headers[.userAgent]?.prefix { $0 != "/" && $0 != " " } ?? ""
        return name.isEmpty ? "OAuth client" : String(name)
    }

    private static func noStore(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        var response = try WireAnswer.json(value, status: status)
        response.headers[.cacheControl] = "no-store"
        response.headers[.pragma] = "no-cache"
        return response
    }
}

/// The errors of RFC 6749 §5.2 and RFC 8628 §3.5.
enum OAuthError: String, Error {
    case invalidRequest = "invalid_request"
    case invalidClient = "invalid_client"
    case invalidGrant = "invalid_grant"
    case unsupportedGrantType = "unsupported_grant_type"
    case authorizationPending = "authorization_pending"
    case slowDown = "slow_down"
    case accessDenied = "access_denied"
    case expiredToken = "expired_token"

    var body: [String: String] { ["error": rawValue] }
}

private struct DeviceAuthorization: Encodable {
    let deviceCode, userCode, verificationUri: String
    let verificationUriComplete: String?
    let expiresIn, interval: Int
}

private struct TokenAnswer: Encodable {
    let accessToken, tokenType: String
    let expiresIn: Int?
}

private struct OAuthMetadata: Encodable {
    let issuer, deviceAuthorizationEndpoint, tokenEndpoint: String
    let responseTypesSupported, grantTypesSupported, tokenEndpointAuthMethodsSupported: [String]
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
