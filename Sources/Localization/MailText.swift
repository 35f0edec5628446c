// The texts of mail: section `mail` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum MailText: String, TextKey {
    public static let section = "mail"

    case inviteSubject
    case inviteLead
    case inviteOpen
    case inviteType
    case inviteCommand
    case inviteExpires
    case inviteIgnore
    case passwordSubject, passwordLead, passwordExpires, passwordIgnore
}
