// What stands for a value in help and in errors of the command line, `--mesh <mesh>`: section `value` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum ValueText: String, TextKey {
    public static let section = "value"

    case address, arguments, command, days, folder, id, link, mesh, name, number, path, port, program, role, shell, slug
    case text, token, topic, url
}
