// `login` by device code: an address and a code to read, a browser where one can be opened, and lines while one waits.
// Everything but the outcome goes to standard error.

import Canvas
import Connect
import Console
import Desktop
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshClient
import Platform

extension Login {
    /// Asks for a code and waits until somebody approves it.
    func runInBrowser(_ signIn: NewSignIn) async throws -> Ending {
        let context = signIn.context
        try signIn.checkWritable()
        context.usage.add(.loginStarted(.deviceCode, at: context.now()))
        let signals = Interruption.stream()
        do {
            let code = try await context.asking(signIn.client, nil) { client throws(APIFailure) in
                try await client.createDeviceCode(context.device)
            }
            if !force { try await signIn.announceReplacement() }
            let waiting = CodeWait(signIn: signIn, code: code)
            try waiting.sayAddress()
            if !noBrowser { try await waiting.openBrowser() }
            switch try await waiting.outcome(signals) {
            case .signal(let number):
                await signIn.client.deleteDeviceCode(code.deviceCode)
                return .signal(number)
            case .signedIn(let auth):
                return try await finish(signIn, auth)
            }
        } catch {
            context.usage.loginFailed(.deviceCode, error, context)
            throw error
        }
    }

    private func finish(_ signIn: NewSignIn, _ auth: AuthFile) async throws -> Ending {
        try await signIn.keep(auth, isClaimed: true)
        try sayAuthenticated(signIn, auth, nil)
        try await signIn.syncMeshes(auth)
        guard options.json else { return .exit(.done) }
        let who = try? await signIn.client.with(auth.credential).whoami()
        try signIn.output.json(
            who.map { WhoAmIAnswer($0, source: .file, server: signIn.server) } ?? WhoAmIAnswer(stored: auth))
        return .exit(.done)
    }
}

extension Context {
    /// Where the person sits: at this machine's display, or far from it.
    var seat: Seat { Seat(environment: environment) }

    /// This machine, as the page shows it to whoever approves.
    var device: DeviceCodeRequest {
        DeviceCodeRequest(deviceName: hostName, deviceOs: Machine.os, deviceArch: Machine.architecture)
    }
}

/// The wait for one code's approval, said in lines.
struct CodeWait {
    enum Outcome {
        case signedIn(AuthFile)
        case signal(Int32)
    }

    private enum Event {
        case poll(DeviceCodeSignIn.Event)
        case signal(Int32)
        /// Time for a sign of life.
        case minute
    }

    let signIn: NewSignIn
    let code: DeviceCode
    /// When the code arrived, on the boot clock.
    private let began = BootClock.system.now()

    init(signIn: NewSignIn, code: DeviceCode) {
        self.signIn = signIn
        self.code = code
    }

    private var strings: Strings { signIn.context.strings }
    private var output: Output { signIn.output }
    private var host: String { signIn.server.authority }

    /// The address to open, on its own line, so that it can be copied whole.
    private var address: String {
        code.verificationUrlComplete ?? "\(code.verificationUrl)?code=\(code.userCode)"
    }

    func sayAddress() throws {
        try output.note(strings[.openOnAnyDevice])
        try output.note("  \(address)")
        try output.note("\(strings[.approveOnlyIf]) \(code.userCode)", .primary)
        if output.isSpoken { try output.note(strings.letterByLetter(code.userCode)) }
        try output.note(strings(LineText.waiting, ["time": timeLeft]))
    }

    /// Opens the address where a browser can be opened and the address is the server's own.
    func openBrowser() async throws {
        guard signIn.server.owns(address) else {
            return output.warning(strings(.addressForeign, ["host": host]))
        }
        let browser = Browser(signIn.context.seat)
        guard browser.obstacle == nil, await browser.open(address) == .failed else { return }
        output.warning(strings[.browserFailed])
    }

    /// Waits for an ending, saying what changes.
    func outcome(_ signals: AsyncStream<Int32>) async throws -> Outcome {
        let poll = DeviceCodeSignIn(
            client: signIn.client, code: LiveDeviceCode(code, at: began), clock: .system)
        let (events, inbox) = AsyncStream.makeStream(of: Event.self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { for await event in poll.events() { inbox.yield(.poll(event)) } }
            group.addTask { for await number in signals { inbox.yield(.signal(number)) } }
            group.addTask {
                try await Task.sleep(for: .seconds(30))
                while true {
                    inbox.yield(.minute)
                    try await Task.sleep(for: .seconds(60))
                }
            }
            for await event in events {
                switch event {
                case .signal(let number): return .signal(number)
                case .minute: try output.note(strings(LineText.stillWaiting, ["time": timeLeft]))
                case .poll(.report(let report)): try say(report)
                case .poll(.approved(let token, let user, let expiresAt)):
                    return .signedIn(
                        AuthFile(
                            token: token, user: user, createdAt: signIn.context.now(), expiresAt: expiresAt,
                            source: .deviceCode, server: signIn.server))
                case .poll(.denied): throw Failure.signInDenied
                case .poll(.expired): throw Failure.loginTimedOut
                case .poll(.lost): throw Failure.tokenLost(code: code.userCode)
                }
            }
            throw CancellationError()
        }
    }

    private func say(_ report: DeviceCodePoller.Report) throws {
        switch report {
        case .pending(let opened):
            if opened { try output.note(strings[.pageOpened]) }
        case .unreachable(let failure, let retryAt):
            let seconds = max(1, Int(((retryAt - BootClock.system.now()) / .seconds(1)).rounded(.up)))
            let why = Words(context: signIn.context).api(failure, host: host, origin: nil)
            output.warning("\(why.message) \(strings(.tryingAgain, ["n": String(seconds)]))")
        case .back: try output.note(strings(LineText.isBack, ["host": host, "time": timeLeft]))
        case .slowedDown: try output.note(strings(.slowedDown, ["host": host]))
        case .clockFast: output.warning(strings(.clockFast, ["host": host]))
        }
    }

    /// `9 minutes and 30 seconds`.
    private var timeLeft: String {
        let left = Double(code.expiresIn) - (BootClock.system.now() - began) / .seconds(1)
        return strings.spoken(seconds: max(0, Int(left.rounded())))
    }
}
