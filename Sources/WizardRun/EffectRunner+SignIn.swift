// Effects of signing in: codes, polling, tokens, `auth.json`.

import Connect
import Console
import FoundationEssentials
import LocalState
import MeshAPI
import MeshClient
import Platform
import Wizard

extension EffectRunner {
    func checkServer(_ server: String) async {
        await attempt(.checkingServer, Access(server: server, token: nil)) { client async throws(APIFailure) in
            .serverChecked(server, version: try await client.within(.seconds(10)).health().version)
        }
    }

    func requestDeviceCode(_ server: String) async {
        let device = DeviceCodeRequest(
            deviceName: world.context.hostName, deviceOs: Machine.os, deviceArch: Machine.architecture)
        noteStart(.deviceCode)
        await attempt(.requestingCode, Access(server: server, token: nil)) { client async throws(APIFailure) in
            .deviceCode(try await client.createDeviceCode(device))
        }
    }

    func poll(_ code: LiveCode) async {
        guard let client = try? world.client(Access(server: code.server, token: nil)) else { return }
        let live = LiveDeviceCode(
            deviceCode: code.deviceCode.reveal, interval: code.interval, waitMax: code.waitMax,
            endsAt: .milliseconds(code.endsAt))
        let run = DeviceCodeSignIn(client: client, code: live)
        signIn = run
        for await event in run.events() {
            guard let event = PollEvent(event) else { continue }
            note(event)
            arrive(.poll(event))
        }
        if signIn === run { signIn = nil }
    }

    func giveUp(_ server: String, _ code: Secret) async {
        guard let client = try? world.client(Access(server: server, token: nil)) else { return }
        await client.deleteDeviceCode(code.reveal)
    }

    func checkToken(_ access: Access) async {
        guard let token = access.token else { return }
        noteStart(.pat)
        await attempt(.checkingToken, access) { client async throws(APIFailure) in
            do throws(APIFailure) {
                return .tokenChecked(token, try await client.whoami())
            } catch {
                noteFailure(.pat, error.status == 401 ? "token_rejected" : "unreachable")
                throw error
            }
        }
    }

    func checkIdentity(_ access: Access) async {
        do throws(APIFailure) {
            arrive(
                try await asking(access) { client async throws(APIFailure) in
                    .identityChecked(try await client.whoami())
                })
        } catch {
            guard error != .cancelled else { return }
            arrive(.identityCheckFailed(error))
        }
    }

    func saveSignIn(_ record: SignInRecord) async {
        if world.isDry {
            // What nobody keeps must not live on; an access token is its owner's.
            if record.source == .deviceCode { unkept = Access(server: record.server, token: record.token) }
            return
        }
        do {
            let server = try ServerAddress(record.server)
            let auth = AuthFile(
                token: record.token.reveal, user: record.user, createdAt: world.context.now(),
                expiresAt: record.expiresAt.map { Date(timeIntervalSince1970: Double($0)) },
                source: AuthFile.Source(rawValue: record.source.rawValue) ?? .deviceCode, server: server)
            try await world.onDisk { [directory = world.directory] in
                try directory.writeAuth(auth)
                try directory.updateConfig { $0.server = server.description }
            }
            noteSuccess(record)
            arrive(.saved(path: world.context.displayed(path: world.directory.authPath)))
        } catch let failure as FileFailure {
            arrive(.failed(.savingSignIn, Trouble(failure, context: world.context)))
        } catch {
            arrive(.failed(.savingSignIn, .file(path: record.server, reason: "\(error)")))
        }
    }

    func adoptGuest(_ access: Access, _ guest: Secret) async {
        await attempt(.adoptingGuest, access) { client async throws(APIFailure) in
            try await client.adoptGuest(token: guest.reveal)
            return .guestAdopted
        }
    }

    func revokeSession(_ access: Access) async {
        // Best effort: the new sign-in stands already, and the old one ends by itself.
        try? await world.client(access).within(.seconds(1)).revokeCurrentSession()
    }
}

extension PollEvent {
    /// nil where there is nothing to tell.
    init?(_ event: DeviceCodeSignIn.Event) {
        switch event {
        case .approved(let token, let user, let expiresAt):
            self = .approved(
                token: Secret(token), user: user, expiresAt: expiresAt.map { Int($0.timeIntervalSince1970) })
        case .denied: self = .denied
        case .expired: self = .expired
        case .lost: self = .lost
        case .report(.pending(let opened)): self = .pending(opened: opened)
        case .report(.unreachable(let failure, let retryAt)):
            self = .trouble(failure, retryAt: Int(retryAt / .milliseconds(1)))
        case .report(.clockFast): self = .clockFast
        case .report(.back): self = .pending(opened: false)
        case .report(.slowedDown): self = .slowedDown
        }
    }
}
