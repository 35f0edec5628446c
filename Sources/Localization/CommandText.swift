// The texts of the commands: section `command` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum CommandText: String, TextKey {
    public static let section = "command"

    case replacingSession, authenticatedAs, authenticatedViaToken, tokenSaved, syncedMeshes, tagline
    case warningLabel, errorLabel, seeHelp, clash, unknownCommand, optionJSON, optionPlain, optionFullScreen
    case optionLang, optionNonInteractive, optionToken, optionServer, optionLocal, launchHelp, launchMesh
    case launchName, launchRole, launchJoin, launchResume, launchYes, launchExplain, launchDryRun, launchAgent
    case launchLink, launchArguments, localHelp, localStatusHelp, localStopHelp, localRunning, localStopped
    case localStoppedNow, serveHelp, serving, serveHost, servePort, serveDatabase, servePublicURL
    case serveRegistration, serveInsecure, serveLimits, serveProxy, serveMetricsToken
}
