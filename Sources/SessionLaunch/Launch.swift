// Running the agent: in our place on the terminal, until it ends. The terminal was given over before (Terminal.release).

import CPosix
import Dispatch
import FoundationEssentials
public import Platform

/// The agent could not be started.
public struct LaunchFailure: Error, Sendable, Hashable {
    public var program: String
    public var errno: Int32
}

/// Runs the plan in this process group and on this terminal, and returns how it ended. Meanwhile SIGINT and SIGQUIT are
/// ignored (the agent gets the terminal's own), SIGTERM and SIGHUP are passed on to it, and when it stops we stop.
/// All four stay without effect once it has ended: a terminal that closes sends SIGHUP twice, and what is left is to clear
/// away and to end as the agent did. `environment` is the user's own, `foreign` what of it is no UTF-8. No thread of the pool
/// is blocked.
public func run(
    _ plan: LaunchPlan, environment: [String: String], foreign: [SystemText] = [],
    onStart: @Sendable @escaping (Int32) -> Void = { _ in }
) async throws(LaunchFailure) -> ExitStatus {
    let result = await withCheckedContinuation { continuation in
        DispatchQueue(label: "claudemesh.agent").async {
            continuation.resume(returning: launch(plan, plan.variables(from: environment, foreign: foreign), onStart))
        }
    }
    return try result.get()
}

private func launch(
    _ plan: LaunchPlan, _ variables: [SystemText], _ onStart: (Int32) -> Void
) -> Result<ExitStatus, LaunchFailure> {
    let line = TerminalLine()
    Descriptor.flushStreams()
    // What was typed until now was not meant for the agent.
    Descriptor.input.dropInput()
    cp_guard_install()
    cp_forward_begin()
    var pid: Int32 = 0
    // Where we are there is no need to go, and the name of the place may be no UTF-8.
    let directory = Machine.workingDirectory == plan.directory ? nil : plan.directory
    let error = CStrings.with([SystemText(plan.program)] + plan.arguments) { argv in
        CStrings.with(variables) { envp in cp_spawn(&pid, plan.program, argv, envp, directory) }
    }
    guard error == 0 else {
        cp_forward_end()
        return .failure(LaunchFailure(program: plan.program, errno: error))
    }
    cp_forward_to(pid)
    onStart(pid)
    let status = wait(for: pid)
    line.restore(after: status)
    return .success(status)
}

private func wait(for pid: Int32) -> ExitStatus {
    var change = cp_change()
    while cp_wait(pid, false, &change) == 1 {
        while change.kind == CP_STOPPED {
            if goesOn(pid, &change) { continue }
            // An agent that stays stopped is followed, with whoever else is in this job; `fg` wakes us all.
            SignalNumber.stopJob()
            break
        }
        if change.kind == CP_EXITED { return .code(change.value) }
        if change.kind == CP_SIGNALED { return .signal(change.value) }
    }
    return .code(0)
}

/// Whether a stopped agent goes on, or ends, by itself: then its stop was the echo of a Ctrl-Z that had stopped us too. It
/// is woken when we are, not always before us, so we look a few times; our own stop in between costs one of those looks,
/// not all of them.
private func goesOn(_ pid: Int32, _ change: inout cp_change) -> Bool {
    for _ in 0..<10 {
        if cp_wait(pid, true, &change) == 1 { return true }
        Threads.sleep(milliseconds: 2)
    }
    return false
}

/// The terminal as the agent found it: put back where the agent could not do so itself.
private struct TerminalLine {
    private let found = LineModes(of: .input)

    /// After a kill the agent's modes are still set: screen, cursor, mouse, paste, focus, colours, news of the terminal's
    /// theme, and how keys are sent (each of the two screens keeps what was asked for on it). Of the ways back to the main
    /// screen `?1047l` is the one that neither moves the cursor nor clears a row where that is the screen in force.
    func restore(after status: ExitStatus) {
        guard let found, Descriptor.input.isForeground == true else { return }
        found.apply(to: .input)
        guard case .signal = status, Descriptor.output.isTerminal else { return }
        let modes = ["1047l", "25h", "1000l", "1002l", "1003l", "1006l", "1004l", "2004l", "2031l"]
        let kittyKeys = "\u{1B}[<u"
        let undo = kittyKeys + modes.map { "\u{1B}[?\($0)" }.joined() + kittyKeys + "\u{1B}[>4m\u{1B}[0m"
        _ = Descriptor.output.write(undo.utf8)
    }
}
