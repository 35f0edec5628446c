// From the errors of the network's libraries to ours. Their own texts are never passed on: some quote headers.

internal import AsyncHTTPClient
internal import MeshAPI
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Platform

extension APIFailure {
    /// The same where requests go through a proxy, nil where they do not: whatever keeps an answer from coming is then looked for
    /// at the proxy first, which is all that was seen of the network. Its password is not in its name.
    func through(_ proxy: String?) -> APIFailure {
        guard let proxy, case .unreachable(let why) = self else { return self }
        switch why {
        case .proxyPassword: return .unreachable(.proxyPassword(proxy))
        case .proxyRefused: return .unreachable(.proxyRefused(proxy))
        case .proxyFailed: return .unreachable(.proxyFailed(proxy))
        case .nameNotResolved, .refused, .noAnswer, .connectionLost, .malformed, .other:
            return .unreachable(.proxy(proxy))
        default: return self
        }
    }

    /// What `error`, thrown while a request was on its way, means. `limit` is how long it had.
    init(transport error: any Error, limit: Duration) {
        switch error {
        case let failure as APIFailure: self = failure
        case is CancellationError: self = .cancelled
        case let error as HTTPClientError: self = Self.http(error, limit)
        case is NIOTooManyBytesError: self = .unreachable(.tooLarge)
        case let error as NIOConnectionError: self = .unreachable(Self.connection(error, limit))
        case let error as NIOSSLError: self = .unreachable(Self.tls(error))
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self = .unreachable(.untrustedCertificate)
        case is NIOSSLExtraError, is BoringSSLError: self = .unreachable(.connectionLost)
        case let error as HTTPParserError:
            self = .unreachable(error == .invalidEOFState ? .connectionLost : .malformed)
        case let error as ChannelError:
            if case .connectTimeout = error {
                self = .unreachable(.noAnswer(seconds: limit.wholeSeconds))
            } else {
                self = .unreachable(.connectionLost)
            }
        case let error as IOError: self = .unreachable(Self.system(error.errnoCode, limit))
        default: self = .unreachable(.other("\(type(of: error))"))
        }
    }

    private static func http(_ error: HTTPClientError, _ limit: Duration) -> APIFailure {
        switch error {
        case .cancelled: .cancelled
        case .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout, .tlsHandshakeTimeout,
            .httpProxyHandshakeTimeout, .socksHandshakeTimeout, .getConnectionFromPoolTimeout:
            .unreachable(.noAnswer(seconds: limit.wholeSeconds))
        case .remoteConnectionClosed, .uncleanShutdown: .unreachable(.connectionLost)
        // Which proxy it was, `through` knows.
        case .proxyAuthenticationRequired: .unreachable(.proxyPassword(""))
        // Its status is not told here: `ProxyChoice.explain` asks for it.
        case .invalidProxyResponse: .unreachable(.proxyRefused(""))
        default: .unreachable(.malformed)
        }
    }

    private static func connection(_ error: NIOConnectionError, _ limit: Duration) -> Unreachable {
        guard let last = error.connectionErrors.last else { return .nameNotResolved }
        if let error = last.error as? IOError { return system(error.errnoCode, limit) }
        if case ChannelError.connectTimeout = last.error { return .noAnswer(seconds: limit.wholeSeconds) }
        return .connectionLost
    }

    private static func system(_ code: Int32, _ limit: Duration) -> Unreachable {
        let error = SystemError(code: code)
        return switch error {
        case .connectionRefused: .refused
        case .connectionTimedOut: .noAnswer(seconds: limit.wholeSeconds)
        default: error.isConnectionLost ? .connectionLost : .other(error.words)
        }
    }

    private static func tls(_ error: NIOSSLError) -> Unreachable {
        switch error {
        case .handshakeFailed(.sslError(let stack)) where "\(stack)".contains("CERTIFICATE_VERIFY_FAILED"):
            .untrustedCertificate
        case .unableToValidateCertificate, .noCertificateToValidate, .cannotMatchULabel: .untrustedCertificate
        default: .connectionLost
        }
    }
}
