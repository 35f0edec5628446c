// Copying: the machine's clipboard program, the terminal's own clipboard, a multiplexer, else a file. What is said of it is
// never more than is known. To add a way: a case of `Way`, its place in `ways`, a row in `ClipboardTests`.

internal import FoundationEssentials
internal import Platform

/// The clipboard of the person who sits there.
public struct Clipboard: Sendable {
    /// What became of copying.
    public enum Outcome: Sendable, Hashable {
        /// A program took the text.
        case copied(with: String)
        /// To be written to the terminal, which may take it or not.
        case sentToTerminal(sequence: String)
        case written(path: String)
        case failed
    }

    enum Way: Sendable, Hashable {
        case program(String, [String])
        case terminal
        case file
    }

    /// Programs answer at once, or hang on a display that is gone.
    static let patience = Duration.seconds(2)

    private let seat: Seat
    private let file: String

    /// - Parameter file: where the text goes when there is no other way.
    public init(_ seat: Seat, file: String) {
        self.seat = seat
        self.file = file
    }

    public func copy(_ text: String) async -> Outcome {
        for way in Self.ways(seat) {
            switch way {
            case .program(let name, let arguments):
                guard let path = seat.find(name) else { continue }
                let program = ChildProgram(path: path, arguments: arguments)
                let outcome = await program.run(
                    input: text, environment: seat.childEnvironment, limit: Self.patience)
                if outcome == .succeeded { return .copied(with: name) }
            case .terminal:
                if let sequence = Self.sequence(text, inScreen: seat.isInScreen) {
                    return .sentToTerminal(sequence: sequence)
                }
            case .file:
                if Self.write(text, to: file) { return .written(path: file) }
            }
        }
        return .failed
    }

    /// The first way that there is here, as far as can be told without copying anything.
    public enum Means: Sendable, Hashable {
        case program(String)
        case terminal
        case file
    }

    public static func means(_ seat: Seat) -> Means {
        for way in ways(seat) {
            switch way {
            case .program(let name, _): if seat.find(name) != nil { return .program(name) }
            case .terminal: return .terminal
            case .file: return .file
            }
        }
        return .file
    }

    /// The ways that there are here, in order.
    static func ways(_ seat: Seat) -> [Way] {
        var ways: [Way] = []
        if seat.has("WAYLAND_DISPLAY") { ways.append(.program("wl-copy", [])) }
        if seat.has("DISPLAY") {
            ways.append(.program("xclip", ["-selection", "clipboard", "-in"]))
            ways.append(.program("xsel", ["--clipboard", "--input"]))
        }
        if seat.has("WSL_DISTRO_NAME") { ways.append(.program("clip.exe", [])) }
        if seat.isInTmux {
            // tmux's defaults let neither OSC 52 nor its passthrough out; this reaches the terminal through tmux itself.
            ways.append(.program("tmux", ["load-buffer", "-w", "-"]))
        } else if seat.isRemote || seat.takesSequences {
            // Without a display there is no program before it; and a terminal that ignores it is shown the text.
            ways.append(.terminal)
        }
        return ways + [.file]
    }

    /// OSC 52, for GNU screen wrapped so that it passes; nil where it is longer than screen lets through.
    static func sequence(_ text: String, inScreen: Bool) -> String? {
        let sequence = "\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{07}"
        guard inScreen else { return sequence }
        return sequence.utf8.count <= 700 ? "\u{1B}P\(sequence)\u{1B}\\" : nil
    }

    /// A new file, 0600, in the place of an old one.
    static func write(_ text: String, to path: String) -> Bool {
        WholeFile.forget(path)
        return (try? WholeFile.create(path, bytes: Array("\(text)\n".utf8), isSynced: false)) != nil
    }
}
