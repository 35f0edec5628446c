// Signing in with a browser: what the sign-in screens know.

public import FlowEngine
import MeshAPI

/// A device code that was given out.
public struct LiveCode: Sendable, Hashable {
    /// The base address of the server that gave it out.
    public var server: String
    /// What the CLI polls with.
    public var deviceCode: Secret
    /// What a person compares.
    public var userCode: String
    /// Where the code can be typed: `https://HOST/c` or longer.
    public var address: String
    /// With the code in it.
    public var completeAddress: String
    /// Whether the addresses are the configured server's: others are shown inert and never opened.
    public var isOwnAddress: Bool
    /// Seconds between polls, as the server wants it.
    public var interval: Double
    /// The longest `wait` in seconds.
    public var waitMax: Int?
    /// On the boot clock.
    public var endsAt: Milliseconds

    public init(
        server: String, deviceCode: Secret, userCode: String, address: String, completeAddress: String,
        isOwnAddress: Bool,
        interval: Double, waitMax: Int?, endsAt: Milliseconds
    ) {
        self.server = server
        self.deviceCode = deviceCode
        self.userCode = userCode
        self.address = address
        self.completeAddress = completeAddress
        self.isOwnAddress = isOwnAddress
        self.interval = interval
        self.waitMax = waitMax
        self.endsAt = endsAt
    }

    /// Whether the address is on loopback, where no other device can open it.
    var isOnThisMachine: Bool { ServerAddress(of: completeAddress)?.isLoopback ?? false }
}

/// Why something failed that goes on being tried.
public struct Retry: Sendable, Hashable {
    public var trouble: Trouble
    /// When it is tried again, on the boot clock; nil while it is being tried, or never by itself.
    public var at: Milliseconds?
    /// How often it failed in a row, from 1.
    public var attempt: Int

    public init(_ trouble: Trouble, at: Milliseconds? = nil, attempt: Int = 1) {
        self.trouble = trouble
        self.at = at
        self.attempt = attempt
    }
}

extension Retry {
    /// The server only wants to be asked less often: nothing is in the way, and asking at once would not help.
    public var isSlowDown: Bool {
        if case .api(.refused(429, _, _)) = trouble { true } else { false }
    }
}

/// What became of `c`. Never more than is known.
public enum CopyResult: Sendable, Hashable {
    case copied(program: String)
    case sentToTerminal
    case written(path: String)
    case failed
}

/// The state of the sign-in screens.
public struct SignIn: Sendable, Hashable {
    public enum Phase: Sendable, Hashable {
        /// Not begun.
        case idle
        case requesting
        /// No code could be had; asked again at `retry.at`.
        case unavailable
        case waiting
        case denied
        case expired
        /// Approved, but the token was lost on the way.
        case lost
        case approved
    }

    public var phase: Phase = .idle
    /// Kept after its end, since the failure screens name it.
    public var code: LiveCode?
    /// The server says the page was opened.
    public var isOpened = false
    /// `unavailable`: why. `waiting`: why the last poll got no answer.
    public var retry: Retry?
    /// This machine's clock runs fast: the server said so often enough to tell.
    public var isClockFast = false
    /// The QR code as rows of half blocks, from the runtime; empty until it came.
    public var qr: [String] = []
    /// The person's wish; nil is: where no browser can be opened and there is room.
    public var showsQR: Bool?
    public var copied: CopyResult?
    /// A browser was tried from here.
    public var browser: BrowserResult?
    /// What the browser was opened at from here: each address once.
    var openedAddress: String?
    /// Another code is asked for; the one there is lives on until it comes.
    public var isRenewing = false
    /// Why there is no other code yet.
    public var renewalTrouble: Trouble?
    /// A token was pasted onto this screen; Enter uses it. The token is in the field `token`, its check in `tokenEntry`.
    public var hasPastedToken = false
    /// Where the new sign-in was saved, once it was.
    public var savedTo: String?

    public init() {}

    /// The server gives no answer of use; one that wants to be asked less often does.
    var isCutOff: Bool { retry.map { !$0.isSlowDown } ?? false }
}

/// What became of opening a browser.
public enum BrowserResult: Sendable, Hashable {
    case opened
    case failed
    /// There is none here.
    case missing
}
