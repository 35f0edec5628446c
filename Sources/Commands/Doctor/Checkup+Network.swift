// The server, its clock and the way to it.

import Connect
import Console
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshClient
import Platform

extension Checkup {
    /// Seconds between two clocks that harm nobody: what is shown is in minutes.
    static let harmlessSkew = 60.0

    /// Asks the server how it is.
    func examineServer() async -> (ServerHealth?, Check) {
        let choice: ServerChoice
        do throws(ServerChoiceProblem) { choice = try self.choice.get() } catch {
            return (nil, failed("server", WizardText.server, Explanation.of(error, context: context)))
        }
        guard knowsServer else { return (nil, .warning("server", say(.doctorServerUnread), hint: nil)) }
        if choice.isLocal, (try? LocalServerControl(context: context).status) ?? .stopped == .stopped {
            return (nil, .none("server", say(.doctorLocalServer)))
        }
        guard let server else { return (nil, .none("server", say(.doctorLocalServer))) }
        do throws(APIFailure) {
            let client = APIClient(server: server, transport: context.transport(), timeout: .seconds(5))
            let health = try await client.health()
            let values = ["host": server.authority, "version": health.version ?? "?"]
            return (health, .ok("server", say(.doctorServer, values)))
        } catch {
            let failure = Failure.api(error, host: server.authority, origin: nil)
            return (nil, failed("server", WizardText.server, Explanation(failure, context: context)))
        }
    }

    /// How far this machine's clock is from the server's.
    func clock(_ health: ServerHealth?) -> Check {
        guard let date = health?.date else { return .none("clock", say(.doctorClockUnknown)) }
        let ahead = context.now().timeIntervalSince(date)
        guard abs(ahead) > Self.harmlessSkew else { return .ok("clock", say(.doctorClock)) }
        let time = strings.spoken(seconds: Int(abs(ahead)))
        return .warning(
            "clock", say(ahead > 0 ? .doctorClockAhead : .doctorClockBehind, ["time": time]),
            hint: say(.doctorClockHint, ["command": "timedatectl set-ntp true"]))
    }

    var proxy: Check {
        guard let server else { return .none("proxy", say(.doctorNoProxy)) }
        switch context.transport().proxy(for: server) {
        case .none: return .none("proxy", say(.doctorNoProxy))
        case .through(let proxy): return .ok("proxy", say(.doctorProxy, ["proxy": proxy]))
        case .unusable:
            return .error(
                "proxy", say(.doctorProxyUnusable), hint: strings(WizardText.remedyProxyUnusable), .unreachable)
        }
    }

    /// The certificates that https is checked by.
    var certificates: Check {
        if let file = context["SSL_CERT_FILE"] {
            let reason =
                FileAccess.refusal(.read, file).map { Words(context: context).reason($0.code) }
                ?? say(.doctorCertificatesEmpty)
            guard Transport.holdsCertificates(file) else {
                let message = "SSL_CERT_FILE: \(file): \(reason)"
                let hint = strings(WizardText.remedyCertificates)
                // Plain http asks for none: a harm to come, not one that is there.
                return server?.isSecure == true
                    ? .error("certificates", message, hint: hint, .file)
                    : .warning("certificates", message, hint: hint)
            }
            return .ok("certificates", say(.doctorCertificates, ["path": file]))
        }
        // Where the TLS library looks on Linux.
        let places = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]
        if let place = places.first(where: { FileAccess.allows(.read, $0) }) {
            return .ok("certificates", say(.doctorCertificates, ["path": place]))
        }
        guard server?.isSecure == true else { return .none("certificates", say(.doctorCertificatesUnneeded)) }
        return .warning("certificates", say(.doctorNoCertificates), hint: say(.doctorNoCertificatesHint))
    }
}
