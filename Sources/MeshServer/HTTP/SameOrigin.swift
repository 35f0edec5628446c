// A form must come from a page of ours: the browser's word on where it came from, and the form's own token.

internal import HTTPTypes
internal import Hummingbird

enum SameOrigin {
    /// Throws `formRefused` unless the request came from our own page with the visitor's token.
    ///
    /// With `Referrer-Policy: no-referrer` browsers send `Origin: null` from our own forms, so `Sec-Fetch-Site` decides
    /// where there is one, then a real `Origin`; the token decides always.
    static func check(_ request: Request, visitor: Visitor, token: String) throws {
        if let site = request.headers[.secFetchSite] {
            guard site == "same-origin" else { throw Refusal.formRefused }
        } else if let origin = request.headers[.origin], origin != "null" {
            guard let authority = request.head.authority, origin.split(separator: "/").last == authority[...] else {
                throw Refusal.formRefused
            }
        }
        guard !token.isEmpty, Secret.areEqual(token, visitor.formToken) else { throw Refusal.formRefused }
    }
}
