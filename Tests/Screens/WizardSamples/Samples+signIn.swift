// Sample states: welcome, signing in with a browser, pasting a token.

import Canvas
import FlowEngine
import FoundationEssentials
import MeshAPI
import Wizard

extension Samples {
    var welcome: [SampleScreen] {
        let firstRun = fresh { $0.facts.showsTelemetryNotice = true }
        return [
            sample("welcome", firstRun),
            sample(
                "welcome.server",
                fresh {
                    $0.facts.canOpenBrowser = false
                    $0.server = Server(baseURL: "https://mesh.example.com", host: "mesh.example.com")
                    $0.remote = $0.server
                }),
            sample("welcome.pasted-unknown", fresh(), [.paste("hello")]),
            sample("welcome.code-alive", fresh(), [.welcome(.signIn), Self.code(), .back]),
            sample(
                "welcome.no-agent",
                fresh { $0.agent = .missing(name: "claude", places: ["PATH", "~/.local/bin"]) }),
            sample("welcome.change-account", returning(), [.confirm(.changeAccount)]),
            sample("welcome.other-server", fresh { $0.facts.signedInElsewhere = "mesh.example.org" }),
            sample(
                "server", fresh(),
                Self.server(
                    named: "mesh.example.com", [.arrived(.serverChecked("https://mesh.example.com", version: "0.2.0"))])
            ),
            sample("server.empty", fresh(), Self.server(named: "")),
            sample("server.checking", fresh(), Self.server(named: "mesh.example.com", [])),
            sample("server.invalid", fresh(), Self.server(named: "mesh example")),
            sample("server.insecure", fresh(), Self.server(named: "http://mesh.example.com")),
            sample(
                "server.unreachable", fresh(),
                Self.server(
                    named: "mesh.example.com",
                    [.arrived(.failed(.checkingServer, .api(.unreachable(.nameNotResolved))))])),
            sample(
                "welcome.damaged-file",
                fresh {
                    $0.facts.canOpenBrowser = false
                    $0.facts.notices = [.setAside(path: "~/.claudemesh/state.json")]
                }),
        ]
    }

    private static func server(named text: String, _ more: [Action] = []) -> [Action] {
        [.welcome(.changeServer), .edit(.server, TextInput(text)), .server(.submit)] + more
    }

    // MARK: Signing in

    static func code(isForeign: Bool = false) -> Action {
        let base = isForeign ? "https://elsewhere.example" : server.baseURL
        return .arrived(
            .deviceCode(
                DeviceCode(
                    deviceCode: "sample", userCode: "ABCD-EFGH", verificationUrl: base + "/cli-auth",
                    verificationUrlComplete: base + "/cli-auth?code=ABCD-EFGH", expiresAt: nil, expiresIn: 600,
                    interval: nil, waitMax: nil)))
    }

    /// `https://claudemesh.com/C/ABCD-EFGH`.
    static let qr = [
        "█████████████████████████████████", "█████████████████████████████████",
        "████ ▄▄▄▄▄ ██▄▄ ▀██  █ ▄▄▄▄▄ ████", "████ █   █ █▀▄  █▀ ▀▄█ █   █ ████",
        "████ █▄▄▄█ █▄▀ █▄   ▄█ █▄▄▄█ ████", "████▄▄▄▄▄▄▄█▄▀▄█ █ █ █▄▄▄▄▄▄▄████",
        "████ ▄▀██ ▄ ▀▄ █▄  ▀ ▀▀▀  ▀██████", "████▀▄ ▀ █▄█ ▄▀ ▄▀▀▀▄ ▀▄▀▀█▄▄████",
        "████▀▄▀▀  ▄▄ ▄ █▀ █▄█▀█▄▄ ▄▄█████", "████ ██▀▀▀▄▀█ ▄█▀██▄▄▄▄▀█▄ ▀▀████",
        "████▄█▄▄▄█▄▄ ▀▄█▄█▄▀ ▄▄▄ ▀ ▀▄████", "████ ▄▄▄▄▄ █ ▄█▀▄▀▄  █▄█ ▀   ████",
        "████ █   █ ██▀ ▄  ▀█▄   ▄█▀▀ ████", "████ █▄▄▄█ █▀▀██ ▄▄▀▄▀▄▀█▄▄█▄████",
        "████▄▄▄▄▄▄▄█▄█▄▄█▄▄████▄▄██▄▄████", "█████████████████████████████████",
        "█████████████████████████████████",
    ]

    private var ssh: WizardState {
        fresh {
            $0.facts.canOpenBrowser = false
            $0.facts.isSSH = true
        }
    }

    private func trouble(_ failure: APIFailure, in seconds: Int) -> Action {
        .arrived(.poll(.trouble(failure, retryAt: Self.now.boot + seconds * 1000)))
    }

    private static let approved = Action.arrived(
        .poll(.approved(token: Secret("cm_session_sample"), user: person, expiresAt: nil)))

    /// Signing in, up to the code.
    var toCode: [Action] { [.welcome(.signIn), Self.code()] }

    var signIn: [SampleScreen] {
        let drawnQR = Action.arrived(.qr(code: "ABCD-EFGH", lines: Self.qr))
        let goodToken = "cm_pat_" + String(repeating: "a", count: 48) + "k3qa"
        return [
            sample("sign-in.requesting", fresh(), [.welcome(.signIn)]),
            sample("sign-in.waiting", fresh(), toCode, after: 10),
            sample("sign-in.waiting-ssh-qr", ssh, toCode + [drawnQR], after: 9),
            sample("sign-in.opened", fresh(), toCode + [.arrived(.poll(.pending(opened: true)))], after: 550),
            sample("sign-in.copied", fresh(), toCode + [.arrived(.copied(.sentToTerminal))]),
            sample("sign-in.browser-failed", fresh(), toCode + [.arrived(.browser(.failed))]),
            sample("sign-in.token-pasted", fresh(), toCode + [.paste(goodToken)]),
            sample(
                "sign-in.token-known", fresh(),
                toCode + [.paste(goodToken), .arrived(.tokenChecked(Secret(goodToken), Self.tokenOwner))]),
            sample("sign-in.foreign-address", fresh(), [.welcome(.signIn), Self.code(isForeign: true)]),
            sample("sign-in.create-account", fresh(), [.welcome(.createAccount), Self.code()]),
            sample("sign-in.offline-code-alive", fresh(), toCode + [trouble(Self.silence, in: 118)], after: 109),
            sample(
                "sign-in.web-page-code-alive", fresh(), toCode + [trouble(.unreachable(.webPage), in: 118)], after: 109),
            sample(
                "sign-in.slow-down", fresh(),
                toCode + [trouble(.refused(status: 429, body: ErrorBody(error: "slow_down"), retryAfter: nil), in: 16)]),
            sample("sign-in.clock-fast", fresh(), toCode + [.arrived(.poll(.clockFast))]),
            unavailable("sign-in.offline-no-code-yet", Self.noName),
            unavailable("sign-in.no-answer", Self.silence),
            unavailable("sign-in.web-page", .unreachable(.webPage)),
            unavailable("sign-in.certificate", .unreachable(.untrustedCertificate)),
            unavailable("sign-in.rate-limited", .refused(status: 429, body: nil, retryAfter: 58)),
            unavailable("sign-in.refused", .refused(status: 404, body: nil, retryAfter: nil)),
            sample("sign-in.denied", fresh(), toCode + [.arrived(.poll(.denied))]),
            sample("sign-in.expired", fresh(), toCode + [.arrived(.poll(.expired))]),
            sample("sign-in.lost", fresh(), toCode + [.arrived(.poll(.lost))]),
            sample(
                "sign-in.approved", fresh(),
                toCode + [Self.approved, .arrived(.saved(path: "~/.claudemesh/auth.json"))]),
            sample(
                "sign-in.approved-as-another",
                signedIn { $0.account.correct { $0.user = Self.otherPerson } },
                [.confirm(.changeAccount), .signIn(.anotherAccount), .welcome(.signIn), Self.code(), Self.approved]),
            sample(
                "sign-in.summary", fresh(), toCode + [Self.approved, .arrived(.meshes(Self.five)), .back]),
        ]
    }

    /// The third try in a row failed: the next is in 6 s.
    private func unavailable(_ name: String, _ failure: APIFailure) -> SampleScreen {
        let failed = Action.arrived(.failed(.requestingCode, .api(failure)))
        return sample(name, fresh(), [.welcome(.signIn), failed, .retry, failed, .retry, failed])
    }

    // MARK: Pasting a token

    /// On the server of this machine, while signing in leads to the usual one.
    private var onThisMachine: WizardState {
        signedIn { state in
            state.server = Server(baseURL: "http://127.0.0.1:7420", host: "127.0.0.1:7420", isLocal: true)
            state.account.correct { $0.source = .local }
        }
    }

    private static let tokenOwner = WhoAmI(
        user: person,
        credential: CredentialInfo(
            id: "t1", kind: .pat, name: "ci-deploy", expiresAt: .init(timeIntervalSince1970: 1_804_075_200)))

    var token: [SampleScreen] {
        let whole = "cm_pat_" + String(repeating: "b", count: 48) + "k3qa"
        func failed(_ failure: APIFailure) -> Action { .arrived(.failed(.checkingToken, .api(failure))) }
        func sample(_ name: String, _ actions: [Action]) -> SampleScreen {
            self.sample(name, fresh(), [.welcome(.pasteToken)] + actions)
        }
        return [
            sample("paste-token.empty", []),
            self.sample("paste-token.asks-first", onThisMachine, [.arrived(.meshes([])), .paste(whole)]),
            sample("paste-token.typing", [type("cm_pat_abcd", in: .token), .token(.toggleReveal)]),
            sample("paste-token.malformed", [type("cm_pat_aaaabbbbccccdk3qa", in: .token), .token(.check)]),
            sample("paste-token.wrong-prefix", [type("ghp_0123", in: .token)]),
            sample("paste-token.checking", [type(whole, in: .token), .token(.check)]),
            sample(
                "paste-token.checked",
                [type(whole, in: .token), .token(.check), .arrived(.tokenChecked(Secret(whole), Self.tokenOwner))]),
            sample(
                "paste-token.rejected",
                [type(whole, in: .token), .token(.check), failed(.refused(status: 401, body: nil, retryAfter: nil))]),
            sample(
                "paste-token.expired",
                [
                    type(whole, in: .token), .token(.check),
                    failed(.refused(status: 401, body: ErrorBody(error: "token_expired"), retryAfter: nil)),
                ]),
            sample("paste-token.unreachable", [type(whole, in: .token), .token(.check), failed(Self.silence)]),
        ]
    }
}
