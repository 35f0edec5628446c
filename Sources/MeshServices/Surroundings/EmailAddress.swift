// E-mail addresses, as accounts have them.

internal import FoundationEssentials
internal import Mail
internal import MeshAPI
internal import MeshStore
internal import Text

package enum EmailAddress {
    package static func normalized(_ email: String) -> String { email.trimmingWhitespace().lowercased().composed() }

    /// Something before one @ and a domain after it, no white space, controls or what is not seen, at most 254 bytes: the
    /// rest only mail can tell.
    static func isPlausible(_ email: String) -> Bool {
        let parts = email.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && MailAddress.isDomain(parts[1])
            && email.utf8.count <= 254 && !UnseenCharacters.areIn(email)
            && !email.unicodeScalars.contains(where: \.properties.isWhitespace)
    }
}
