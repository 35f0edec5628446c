// A form must come from a page of ours: the browser's word on where it came from, and the form's own token.

internal import HTTPTypes
internal import Hummingbird
internal import MeshServices
internal import MeshStore

enum SameOrigin {
    /// Throws `formRefused` unless the request came from our own page with the visitor's token.
    ///
    /// With `Referrer-Policy: no-referrer` browsers send `Origin: null` from our own forms, so `Sec-Fetch-Site` decides
    /// where there is one, then a real `Origin`, by its scheme, host and port; the token decides always.
    static func check(_ request: Request, visitor: Visitor, address: PublicAddress, token: String) throws {
        if let site = request.headers[.secFetchSite] {
            guard site == "same-origin" else { throw Refusal.formRefused }
        } else if let origin = request.headers[.origin], origin != "null" {
            guard let authority = request.head.authority,
                origin.lowercased() == "\(address.scheme)://\(authority)".lowercased()
            else { throw Refusal.formRefused }
        }
        guard !token.isEmpty, SecretDigest.areEqual(token, visitor.formToken) else { throw Refusal.formRefused }
    }
}
