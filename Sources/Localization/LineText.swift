// The texts of line mode: section `line` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum LineText: String, TextKey {
    public static let section = "line"

    case intro, next, atAnyQuestion, howToStart, typeNumber, typeNumberOrName, letterByLetter, dash, waiting
    case unknownTerminal, stillWaiting, days, hours, minutes, seconds, minutesAndSeconds, typeCommands, cannotReach,
        isBack, whichMesh
    case meshesMatch, nowAnswer, yourName, enterFor, yourRole, notInList, done, warning, error, ready, wordBack
    case wordHelp, wordQuit, wordCopy, wordOpen, wordNew, wordToken, firstOfThem, whichMeshAgain, notAnAnswer
    case hidden, meshAnswer, nameAnswer, roleAnswer, goingOnInLines, waitingPlain, nothingBefore
    case stopped, startingLocal, typeOneOf, typeBackHelpQuit, newMeshName, wordMore, moreOfMesh
    case wordSettings, typeNumberOrPath, wordWatch, typeWatch
}
