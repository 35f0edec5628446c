// Header fields that HTTPTypes does not name.

internal import HTTPTypes
internal import MeshStore

extension HTTPField.Name {
    static let referrerPolicy = named("Referrer-Policy")
    static let secFetchSite = named("Sec-Fetch-Site")
    static let formToken = named("X-CSRF-Token")
    static let idempotencyKey = named("Idempotency-Key")
    static let forwarded = named("Forwarded")
    static let forwardedFor = named("X-Forwarded-For")
    static let realIP = named("X-Real-IP")
    static let pragma = named("Pragma")
    static let lastEventID = named("Last-Event-ID")
    static let accelBuffering = named("X-Accel-Buffering")

    /// A literal of the right form is never nil; the fallback only satisfies the type.
    private static func named(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .userAgent }
}
