// Signing a machine in: what `POST` and `GET /api/auth/cli/device-code` answer.

public import FoundationEssentials

/// Who asks for a device code.
public struct DeviceCodeRequest: Codable, Sendable, Hashable {
    public var deviceName: String
    public var deviceOs: String
    public var deviceArch: String

    public init(deviceName: String, deviceOs: String, deviceArch: String) {
        self.deviceName = deviceName
        self.deviceOs = deviceOs
        self.deviceArch = deviceArch
    }
}

/// A fresh device code. `deviceCode` is a secret; `userCode` is for a person's eyes.
public struct DeviceCode: Codable, Sendable, Hashable {
    public var deviceCode: String
    public var userCode: String
    public var verificationUrl: String
    public var verificationUrlComplete: String?
    public var expiresAt: Date?
    /// Seconds the code lives, from the answer on.
    public var expiresIn: Int
    /// Seconds between two polls; missing or below 1 is 1.5.
    public var interval: Double?
    /// The longest `wait` in seconds the server holds a poll; missing is none.
    public var waitMax: Int?

    public init(
        deviceCode: String, userCode: String, verificationUrl: String, verificationUrlComplete: String?,
        expiresAt: Date?, expiresIn: Int, interval: Double?, waitMax: Int?
    ) {
        self.deviceCode = deviceCode
        self.userCode = userCode
        self.verificationUrl = verificationUrl
        self.verificationUrlComplete = verificationUrlComplete
        self.expiresAt = expiresAt
        self.expiresIn = expiresIn
        self.interval = interval
        self.waitMax = waitMax
    }
}

/// Where a device code stands. The token comes once; then `approved` with `alreadyClaimed`.
public struct DeviceCodeStatus: Codable, Sendable, Hashable {
    public enum Status: String, Codable, Sendable {
        case pending, approved, denied, expired
    }

    public var status: Status
    public var opened: Bool?
    /// Seconds until the next poll, where they are not those of the code.
    public var interval: Double?
    public var token: String?
    public var alreadyClaimed: Bool?
    /// When the token ends.
    public var expiresAt: Date?
    public var user: User?

    public init(
        status: Status, opened: Bool? = nil, interval: Double? = nil, token: String? = nil,
        alreadyClaimed: Bool? = nil, expiresAt: Date? = nil, user: User? = nil
    ) {
        self.status = status
        self.opened = opened
        self.interval = interval
        self.token = token
        self.alreadyClaimed = alreadyClaimed
        self.expiresAt = expiresAt
        self.user = user
    }

    /// The wire names the token as `null` once it has been claimed, rather than leaving it out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(status, forKey: .status)
        try container.encodeIfPresent(opened, forKey: .opened)
        try container.encodeIfPresent(interval, forKey: .interval)
        if alreadyClaimed == true {
            try container.encode(token, forKey: .token)
        } else {
            try container.encodeIfPresent(token, forKey: .token)
        }
        try container.encodeIfPresent(alreadyClaimed, forKey: .alreadyClaimed)
        try container.encodeIfPresent(expiresAt, forKey: .expiresAt)
        try container.encodeIfPresent(user, forKey: .user)
    }
}
