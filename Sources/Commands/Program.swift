// A command line from its first word to the end of the process: parse, run, explain, exit.

import ArgumentParser
import Connect
package import Console
import Localization
import MeshClient
import Platform
import SessionLaunch
import WizardRun

/// All on the first thread until something is waited for: the first frame is drawn before there is another.
@MainActor package enum Program {
    /// What this run is given from outside. Ends here where the system denies what nothing can do without: before anything
    /// waits for a thread that does not come.
    package static func begin() -> Context {
        Descriptors.holdStandardStreams()
        let context = Context.live()
        if let shortage { said(shortage, context: context.asked(by: commandLine)).finish() }
        return context
    }

    /// Runs the command line of this process, and ends as it ended.
    package static func run(in context: Context) async -> Never {
        await run(words: commandLine, context: context).finish()
    }

    private static var commandLine: [SystemText] { Array(SystemText.commandLine.dropFirst()) }

    /// What the system denies us that nothing here can do without.
    private static var shortage: Failure? {
        // A chroot or a rescue shell may have none.
        guard FileAccess.allows(.read, "/proc/self/stat") else { return .noProc }
        Descriptors.raise(to: 256)
        if let limit = Descriptors.limit, limit < 32 { return .fewDescriptors(limit: limit) }
        do throws(SystemError) { try Threads.check() } catch { return .noThreads(code: error.code) }
        return nil
    }

    /// Runs a command line as the system gave it. What is no UTF-8 is refused; behind `--` it is the agent's.
    static func run(words: [SystemText], context: Context) async -> Ending {
        var context = context
        let arguments = words.map(\.repaired)
        let ours = words.prefix { $0 != "--" }
        if let place = ours.firstIndex(where: { $0.text == nil }) {
            return refused(NotUTF8(place: place + 1), of: arguments, context: context.asked(by: words))
        }
        context.agentArguments = Array(words.dropFirst(ours.count + 1))
        return await run(arguments, context: context)
    }

    /// Parses and runs one command line, and says what stopped it.
    static func run(_ arguments: [String], context: Context) async -> Ending {
        var context = context
        let arguments = spelled(arguments)
        // Asked for alone it needs no parser, which takes four fifths of such a start.
        if arguments == ["--version"] { return answered(Release.version, context) }
        if arguments.first == TabCompletion.word { return offered(after: Array(arguments.dropFirst(2)), context) }
        guard !arguments.isEmpty else {
            return await ending(of: "launch", context) {
                try await LaunchOptions(messages: MessageCarrier($0)).run(in: $0)
            }
        }
        // The parser took a third of a first frame.
        if let watching = Watching(arguments) {
            return await ending(of: "watch", context) { try await watching.run(in: $0) }
        }
        do {
            let command: any ParsableCommand
            // What cannot be parsed, and help, are still answered in the language and the form they ask for.
            context.options.json = arguments.prefix { $0 != "--" }.contains("--json")
            do {
                command = try parsed(Launch.parseable(arguments))
            } catch {
                return ended(parsing: error, of: arguments, context: context.speaking(in: arguments))
            }
            guard let command = command as? any MeshCommand else {
                context = context.speaking(in: arguments)
                guard let asked = helpAsked(by: command) else { throw MissingCommand(group: type(of: command)) }
                let typed = Array(arguments.prefix { $0 != "--" })
                if !typed.contains("-h"), !typed.contains("--help"), let unknown = UnknownOption(among: typed) {
                    return ended(parsing: unknown, of: arguments, context: context)
                }
                try Output(context).help(asked)
                return .exit(.done)
            }
            context.options = command.options.values
            return await ending(of: Root.path(to: type(of: command)), context) { try await command.run(in: $0) }
        } catch {
            return said(error, context: context)
        }
    }

    /// Runs a command to its end, and notes how it ended.
    private static func ending(
        of command: String, _ context: Context, run: @MainActor (Context) async throws -> Ending
    ) async -> Ending {
        let began = ContinuousClock.now
        let ending: Ending
        do {
            if let name = context.unreadableVariable {
                throw Failure.invalid(field: name, reason: context.speakingAsConfigured.strings(ErrorText.notUTF8))
            }
            ending = try await run(context)
        } catch {
            ending = said(error, context: context.speakingAsConfigured)
        }
        context.usage.end(
            command: command, exitCode: ending.status, duration: ContinuousClock.now - began, at: context.now())
        return ending
    }

    /// Help and version are answers; anything else that parsing throws is a command line that cannot be read.
    private static func ended(
        parsing error: any Error, of arguments: [String], context: Context
    ) -> Ending {
        if Root.exitCode(for: error) == .success {
            // The version, or what a shell asks for; help comes as a command.
            return answered(Root.fullMessage(for: error), context)
        }
        return refused(error, of: arguments, context: context)
    }

    /// What a shell may offer where Tab was pressed.
    private static func offered(after words: [String], _ context: Context) -> Ending {
        do {
            try context.output.write(TabCompletion(words, context.speakingAsConfigured.strings).text)
            return .exit(.done)
        } catch {
            return said(error, context: context)
        }
    }

    /// Prints what the parser answers with.
    private static func answered(_ text: String, _ context: Context) -> Ending {
        do {
            if context.options.json, text == Release.version {
                try Output(context).json(["version": Release.version])
            } else {
                try context.output.write(text + "\n")
            }
            return .exit(.done)
        } catch {
            return said(error, context: context)
        }
    }

    /// A command that is named first is parsed by itself, without the table of all of them. What help and refusals say needs
    /// them all.
    private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        if let named = Root.configuration.subcommands.first(where: { $0._commandName == arguments.first }),
            let command = try? named.parseAsRoot(Array(arguments.dropFirst())),
            command is any MeshCommand || helpAsked(by: command) != nil
        {
            return command
        }
        return try Root.parseAsRoot(arguments)
    }

    /// The commands, the root first, whose help the parser made of a command line; nil where it made no such thing.
    private static func helpAsked(by command: any ParsableCommand) -> [any ParsableCommand.Type]? {
        guard let stack = Mirror(reflecting: command).descendant("commandStack") as? [any ParsableCommand.Type] else {
            return nil
        }
        return stack.first.map { $0 == Root.self } == true ? stack : [Root.self] + stack
    }

    /// As other programs have it, too; and the root's help is asked for as a command, which needs no table of them all.
    private static func spelled(_ arguments: [String]) -> [String] {
        switch arguments.first {
        case "version", "-v": ["--version"] + arguments.dropFirst()
        case "-h", "--help": arguments.count == 1 ? ["help"] : arguments
        default: arguments
        }
    }

    private static func refused(_ error: any Error, of arguments: [String], context: Context) -> Ending {
        let explanation = ParseFailure(error, of: arguments).explanation(context)
        // Where it cannot be said, the exit code still says it.
        try? Output(context).error(explanation)
        return .exit(explanation.exit)
    }

    /// Says the error. Where the reader of our output went away there is nobody to tell: we die as a writer does.
    private static func said(_ error: any Error, context: Context) -> Ending {
        if let signal = (error as? StreamFailure)?.signal { return .signal(signal) }
        let explanation = Explanation.of(error, context: context)
        do {
            try Output(context).error(explanation)
        } catch {
            // Standard error is gone too: the exit code is what is left to say it with.
        }
        return .exit(explanation.exit)
    }
}

extension Context {
    /// Before they are parsed: in the language and the form that the words ask for.
    fileprivate func asked(by words: [SystemText]) -> Context {
        var context = speaking(in: words.map(\.repaired))
        context.options.json = words.prefix { $0 != "--" }.contains("--json")
        return context
    }
}
