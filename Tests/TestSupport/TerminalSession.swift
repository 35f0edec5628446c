// A real program in a real pseudo-terminal, with an emulator as its screen: what a person would see and do.
// To add a way of acting: an extension beside the others in TerminalSession+input.swift.

import CPosix
import CVTerm
import Dispatch
import Glibc
import Synchronization

/// How a process ended.
public enum ProcessEnd: Sendable, Hashable {
    case code(Int32)
    case signal(Int32)
}

/// A program run in a terminal of its own. Its output is read by a thread of the session's; nothing here blocks.
/// Ends the program, if it still runs, when it is let go.
public final class TerminalSession: Sendable {
    struct State: ~Copyable {
        var recorded: [UInt8] = []
        var isClosed = false
        /// Nobody has the terminal any more, and all that was written is read.
        var isDrained = false
        var end: ProcessEnd?
        var rows: Int
        var columns: Int
    }

    public let pid: Int32
    /// What must live as long as the session, such as the directory its program is in.
    private let owner: (any Sendable)?
    private let pace: Int?
    let master: Int32
    let state: Mutex<State>
    let writing = DispatchQueue(label: "terminal-session.write")
    private let reading = DispatchQueue(label: "terminal-session.read")
    /// Touched only with `state` locked.
    private nonisolated(unsafe) let emulator: OpaquePointer

    /// Starts `program` (a path) with this very environment. `pace` is how many bytes a second are read of what it writes,
    /// as over a slow line. Throws an errno as `Errno`.
    public init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = TerminalSession.environment(),
        directory: String? = nil, columns: Int = 80, rows: Int = 24, pace: Int? = nil, owner: (any Sendable)? = nil
    ) throws(SessionFailure) {
        self.owner = owner
        self.pace = pace
        let (shownRows, shownColumns) = Self.shown(rows: rows, columns: columns)
        guard let emulator = cv_screen_new(Int32(shownRows), Int32(shownColumns)) else {
            throw SessionFailure("no emulator")
        }
        self.emulator = emulator
        state = Mutex(State(rows: shownRows, columns: shownColumns))
        var pid: pid_t = 0
        var master: Int32 = -1
        let error = CStringArray.with([program] + arguments) { argv in
            CStringArray.with(environment.map { "\($0.key)=\($0.value)" }) { envp in
                cv_spawn(&pid, &master, program, argv, envp, directory, Int32(rows), Int32(columns))
            }
        }
        guard error == 0 else {
            cv_screen_free(emulator)
            throw SessionFailure("cannot start \(program): \(String(cString: strerror(error)))")
        }
        (self.pid, self.master) = (pid, master)
        reading.async { [weak self, master] in
            while Self.waitForOutput(of: master), let self, self.readOutput() {
                if self.pace != nil { usleep(Self.turn) }
            }
        }
    }

    deinit {
        if state.withLock({ $0.end }) == nil {
            // A shell's job is a group of its own.
            let foreground = state.withLock { $0.isClosed } ? -1 : tcgetpgrp(master)
            if foreground > 1 { kill(-foreground, SIGKILL) }
            kill(-pid, SIGKILL)
            kill(pid, SIGKILL)
            var status: Int32 = 0
            waitpid(pid, &status, 0)
        }
        if !state.withLock({ $0.isClosed }) { close(master) }
        cv_screen_free(emulator)
    }

    /// What a login gives at least, and a terminal everybody has. `home` is where files go.
    public static func environment(
        home: String = "/nonexistent", term: String = "xterm-256color", _ more: [String: String] = [:]
    ) -> [String: String] {
        let base = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "TERM": term, "LANG": "C.UTF-8"]
        return base.merging(more) { $1 }
    }

    /// A shell with job control, its prompt `$ `, for what needs one: Ctrl-Z and `fg`. It does not edit its lines, so that
    /// the termios are its own from prompt to prompt.
    public static func shell(
        environment: [String: String] = TerminalSession.environment(), directory: String? = nil, columns: Int = 80,
        rows: Int = 24, owner: (any Sendable)? = nil
    ) throws(SessionFailure) -> TerminalSession {
        try TerminalSession(
            "/bin/bash", ["--norc", "--noprofile", "--noediting", "-i"],
            environment: environment.merging(["PS1": "$ ", "PS2": ""]) { $1 }, directory: directory, columns: columns,
            rows: rows, owner: owner)
    }

    /// What the terminal shows now.
    public var screen: Screen {
        state.withLock { Screen(of: emulator, rows: $0.rows, columns: $0.columns) }
    }

    /// Every byte the program wrote.
    public var recorded: [UInt8] { state.withLock { $0.recorded } }

    /// The modes of the terminal line, as `stty` sees them.
    public var lineModes: LineModes {
        var modes = termios()
        tcgetattr(master, &modes)
        return LineModes(modes)
    }

    /// Whether there is such a process, and it is more than the zombie of one.
    public static func isRunning(_ pid: Int32) -> Bool { cp_process_start(pid) >= 0 }

    /// The process group that has the terminal: in a shell's session the job in the foreground.
    public var foregroundGroup: Int32 { tcgetpgrp(master) }

    /// Makes the window this large; the program gets SIGWINCH.
    public func resize(columns: Int, rows: Int) {
        state.withLock { state in
            (state.rows, state.columns) = Self.shown(rows: rows, columns: columns)
            cv_screen_resize(emulator, Int32(state.rows), Int32(state.columns))
        }
        cv_set_size(master, Int32(rows), Int32(columns))
    }

    /// Sends a signal to the program.
    public func signal(_ number: Int32) { kill(pid, number) }

    /// Closes the terminal, as a lost connection or a closed window does.
    public func hangUp() {
        let wasClosed = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed
        }
        if !wasClosed { close(master) }
    }

    /// A terminal that does not tell its size (0×0) still has one.
    private static func shown(rows: Int, columns: Int) -> (rows: Int, columns: Int) {
        rows > 0 && columns > 0 ? (rows, columns) : (24, 80)
    }

    private static func waitForOutput(of master: Int32) -> Bool {
        var source = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        // Wakes now and then to see whether anybody still holds the session.
        return poll(&source, 1, 50) >= 0 && source.revents & Int16(POLLNVAL) == 0
    }

    /// Microseconds between two reads of a slow line.
    private static let turn: UInt32 = 20_000

    /// False when there will be no more.
    private func readOutput() -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            let most = pace.map { max(1, $0 * Int(Self.turn) / 1_000_000) }
            var buffer = [UInt8](repeating: 0, count: most ?? 64 << 10)
            while true {
                let count = read(master, &buffer, buffer.count)
                guard count > 0 else {
                    state.isDrained = count == 0 || errno != EAGAIN && errno != EINTR
                    return !state.isDrained
                }
                state.recorded += buffer[..<count]
                cv_screen_write(emulator, buffer, count)
                if most != nil { return true }
            }
        }
    }
}

/// The termios of a terminal line, comparable.
public struct LineModes: Sendable, Hashable {
    public let input: UInt32
    public let output: UInt32
    public let control: UInt32
    public let local: UInt32
    public let characters: [UInt8]

    /// Lines are put together and edited by the kernel: no full-screen program has the terminal.
    public var isCooked: Bool { local & UInt32(ICANON) != 0 && local & UInt32(ECHO) != 0 }

    init(_ modes: termios) {
        (input, output, control, local) = (modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag)
        characters = withUnsafeBytes(of: modes.c_cc) { Array($0) }
    }
}

/// What went wrong while a session was driven, with what stood on the screen.
public struct SessionFailure: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
