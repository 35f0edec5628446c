// A whole first run in line mode, as somebody hears it: every line between the command and the agent, held to a model
// in both languages. And what must not be heard or seen: a token.

import Glibc
import MeshAPI
import MeshStore
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized) struct LineModeJourneyTests {
    /// What is typed, and the whole of what the terminal shows in the end.
    struct Script: Sendable {
        var language: String
        var back: String
        var waiting: String
        var opened: String
        var prompt: String
        var filterPrompt: String
        var namePrompt: String
        var againPrompt: String
        var wrongNumber: String
        var transcript: String
    }

    @Test(arguments: [english, spanish]) func aWholeFirstRun(_ script: Script) async throws {
        let server = try await TestServer()
        let ana = try await server.somebody()
        for name in ["platform-team", "planning", "dev"] { _ = try await server.mesh(name, of: ana) }
        let journey = try Journey(server: server.url, ["CLAUDEMESH_LANG": script.language, "DO_NOT_TRACK": "1"])
        let terminal = try journey.start(["--plain"], rows: 100)
        try await terminal.answer("1", to: script.prompt)
        let screen = try await terminal.wait(for: script.waiting)
        let code = String(try #require(screen.text.firstMatch(of: /code=([A-Z2-9]{4}-[A-Z2-9]{4})/)).1)
        let caller = Caller(address: "127.0.0.1")
        _ = try await server.services.approvals.open(code, account: ana.account, caller: caller)
        try await terminal.wait(for: script.opened)
        try await server.services.approvals.decide(code, account: ana.account, approve: true, caller: caller)
        for (prompt, answer) in [
            (script.filterPrompt, "pla"), (script.prompt, "2"), (script.namePrompt, script.back),
            (script.againPrompt, "1"), (script.namePrompt, ""), (script.prompt, "9"), (script.wrongNumber, "3"),
            (script.prompt, ""),
        ] {
            try await terminal.answer(answer, to: prompt)
        }
        #expect(try await terminal.waitForEnd() == .code(0))

        let report = try await journey.report()
        let id = try #require(report.variable("CLAUDEMESH_SESSION_ID"))
        #expect(report.variable("CLAUDEMESH_MESH") == "platform-team")
        #expect(report.variable("CLAUDEMESH_ROLE") == "reviewer")
        let letters = code.split(separator: "-").map { $0.map(String.init).joined(separator: " ") }
        let expected = script.transcript.replacing("HOST", with: server.url)
            .replacing("ADDRESS", with: server.url.dropFirst("http://".count))
            .replacing("ABCD-EFGH", with: code)
            .replacing("A B C D", with: letters[0]).replacing("E F G H", with: letters[1])
        #expect(terminal.screen.text.trimmedLines.hasPrefix(expected.trimmedLines), "\(terminal.screen.text)")
        #expect(terminal.screen.text.replacing("\n", with: "").contains("claudemesh launch --resume \(id.prefix(8))"))
        // Nothing moves the cursor, colours or clears.
        #expect(!terminal.recorded.contains(0x1B))
    }

    @Test func aTokenIsNotShown() async throws {
        let server = try await TestServer()
        let token = try await server.token(.pat, of: try await server.somebody().account)
        let lines = try Journey(server: server.url).start(["--plain"], rows: 60)
        try await lines.answer("2", to: "Enter for 1:")
        try await lines.wait(for: "Token:")
        try await lines.wait(until: "the echo is off") { !lines.lineModes.isCooked }
        lines.send(Array("\(token)\n".utf8))
        try await lines.wait(for: "Sign in with this token")
        #expect(lines.lineModes.isCooked && !String(decoding: lines.recorded, as: UTF8.self).contains(token))

        let journey = try Journey(server: server.url)
        let command = try journey.start(["login", "--with-token"])
        try await command.wait(for: "Token (what you type is not shown):")
        try await command.wait(until: "the echo is off") { !command.lineModes.isCooked }
        command.send(Array("\(token)\n".utf8))
        #expect(try await command.waitForEnd() == .code(0))
        #expect(command.lineModes.isCooked && !String(decoding: command.recorded, as: UTF8.self).contains(token))
        #expect(try journey.read("auth.json").contains(token))
        // Ended while nothing is shown, the terminal shows again.
        for number in [SIGINT, SIGTERM, SIGHUP] {
            let ended = try Journey(server: server.url).start(["login", "--with-token"])
            try await ended.wait(until: "the echo is off") { !ended.lineModes.isCooked }
            ended.signal(number)
            #expect(try await ended.waitForEnd() == .signal(number))
            #expect(ended.lineModes.isCooked)
        }
    }

    /// In English too, whatever the language; and the same again, the second time.
    @Test func everyWordIsAnswered() async throws {
        let stage = try await Stage.shared()
        let journey = try Journey(server: stage.server.url, ["CLAUDEMESH_LANG": "es"])
        let terminal = try journey.start(["--plain"], rows: 60)
        try await terminal.answer("1", to: "Enter para 1:")
        try await terminal.wait(for: "Escribe copiar")
        for (count, word) in ["copiar", "copy"].enumerated() {
            terminal.send(Array("\(word)\n".utf8))
            try await terminal.wait(for: "what became of \(word)") {
                $0.text.matches(of: /Hecho: enviado al portapapeles/).count == count + 1
            }
        }
        terminal.send(Array("open\n".utf8))
        try await terminal.wait(for: "el navegador no arrancó")
        terminal.send(Array("new\n".utf8))
        try await terminal.wait(for: "another code") { $0.text.matches(of: /\?code=/).count == 2 }
    }

    /// Neither a mesh nor a membership is made on the way, and the run says why.
    @Test func aDryRunChangesNothingAtTheServer() async throws {
        let server = try await TestServer()
        let (ana, bo) = (try await server.somebody(), try await server.somebody("Bo"))
        let invite = try await server.invite(to: try await server.mesh("dev", of: bo), of: bo)
        let journey = try Journey(server: server.url)
        try journey.signIn(ana)
        let join = try journey.start(["launch", "--dry-run", "-y", "--non-interactive", "--join", invite.url])
        #expect(try await join.waitForEnd() == .code(3))
        #expect(join.screen.text.contains("--dry-run makes no mesh and joins none"))
        let lines = try journey.start(["launch", "--dry-run", "--plain"], rows: 60)
        try await lines.answer("1", to: "Enter for 1:")
        try await lines.answer("", to: "s mesh:")
        try await lines.wait(for: "Error: this is a dry run: it makes no mesh and joins none.")
        #expect(try await server.get("/api/my/meshes", ana.token) == #"{"meshes":[]}"#)
    }

    /// Who is in the mesh already goes on into it, by an invite that is not claimed.
    @Test(arguments: [["--plain"], ["-y", "--non-interactive"]])
    func aDryRunGoesOnAsAMember(front: [String]) async throws {
        let server = try await TestServer()
        let (ana, bo) = (try await server.somebody(), try await server.somebody("Bo"))
        let (dev, ops) = (try await server.mesh("dev", of: bo), try await server.mesh("ops", of: ana))
        let invite = try await server.invite(to: dev, of: bo)
        let now = server.time.now
        _ = try await server.services.database.write {
            try ClaimService.join(invite.code, account: ana.account, in: $0, at: now)
        }
        let journey = try Journey(server: server.url)
        try journey.signIn(ana)
        let ran = try journey.start(["launch", "--dry-run", "--join", invite.url] + front, rows: 60)
        #expect(try await ran.waitForEnd() == .code(0), "\(ran.screen.text)")
        #expect(ran.screen.text.contains("CLAUDEMESH_MESH_ID=\(dev.id)") && !ran.screen.text.contains(ops.id))
        let claims = try await server.services.database.read { try $0.count("SELECT count(*) FROM idempotency_keys") }
        #expect(claims == 0)
    }

    /// A name that was refused is no default; news do not leave one without a question.
    @Test func aRefusedNameIsNotOffered() async throws {
        let server = try await TestServer()
        let ana = try await server.somebody()
        _ = try await server.mesh("dev", of: ana)
        let journey = try Journey(server: server.url)
        try journey.signIn(ana)
        let lines = try journey.start(["--plain"], rows: 60)
        try await lines.answer("\u{200D}", to: "Enter for Ana Ferreiro:")
        try await lines.wait(for: "Error: ")
        try await lines.wait(until: "it is asked again") {
            lines.screen.text.matches(of: /Enter for Ana Ferreiro:/).count == 2
        }
        // Enter alone takes what the prompt says, once the question has stood for a while.
        for _ in 0..<20 where !lines.screen.text.contains("Name: Ana Ferreiro.") {
            try await lines.answer("", to: "Enter for Ana Ferreiro:")
        }
        try await lines.wait(for: "Name: Ana Ferreiro.")

        let join = try Journey(server: server.url).start(["--plain"], rows: 60)
        try await join.answer("3", to: "Enter for 1:")
        try await join.answer("nonsense", to: "Invite:")
        try await join.wait(for: "Error: ")
        try await join.wait(until: "it is asked again") { join.screen.text.matches(of: /Invite:/).count == 2 }
        #expect(!join.screen.text.contains("Enter for nonsense"))
    }

    /// A variable's token is not asked for, and what it did is not told as if it had been a browser's.
    @Test func aTokenOfTheEnvironmentIsNotAskedFor() async throws {
        let server = try await TestServer()
        let ana = try await server.somebody()
        for name in ["dev", "ops"] { _ = try await server.mesh(name, of: ana) }
        let token = try await server.token(.pat, of: ana.account)
        let lines = try Journey(server: server.url, ["CLAUDEMESH_TOKEN": token]).start(["--plain"], rows: 60)
        try await lines.wait(for: "Type a number")
        #expect(!lines.screen.text.lowercased().contains("paste"), "\(lines.screen.text)")
        lines.send(Array("back\nhelp\n".utf8))
        try await lines.wait(for: "You are signed in. Keep it")
    }

    /// Nothing is kept, nothing is started, and the session that a sign-in made on the way ends with it.
    @Test func aDryRunLeavesNothingBehind() async throws {
        let server = try await TestServer()
        let ana = try await server.somebody()
        let mesh = try await server.mesh("dev", of: ana)
        let journey = try Journey(server: server.url)
        let terminal = try journey.start(["launch", "--dry-run", "--plain"], rows: 60)
        try await terminal.answer("1", to: "Enter for 1:")
        let screen = try await terminal.wait(for: "Type copy")
        let code = String(try #require(screen.text.firstMatch(of: /code=([A-Z2-9]{4}-[A-Z2-9]{4})/)).1)
        try await server.decide(code, as: ana, approve: true)
        #expect(try await terminal.waitForEnd() == .code(0))
        #expect(terminal.screen.text.contains("CLAUDEMESH_MESH_ID=\(mesh.id)"))
        #expect(!terminal.screen.text.contains("saved"))
        #expect(journey.files.isEmpty && journey.processes(withServer: true).isEmpty && !journey.hasReport)
        let sessions = try await server.get("/api/my/cli/sessions", ana.token)
        #expect(sessions.matches(of: /"current"/).count == 1, "only the one that asks is left")

        let local = try journey.start(["launch", "--dry-run", "--local", "-y", "--non-interactive"])
        #expect(try await local.waitForEnd() == .code(4))
        #expect(local.screen.text.contains("--dry-run"))
        #expect(journey.files.isEmpty && journey.processes(withServer: true).isEmpty)
    }

    static let english = Script(
        language: "en", back: "back", waiting: "Type copy", opened: "Page open", prompt: "Enter for 1:",
        filterPrompt: "part of a name, or Enter for 1:",
        namePrompt: "Enter for Ana Ferreiro:", againPrompt: "Now planning. Enter keeps it:",
        wrongNumber: "Type 1 to 8:",
        transcript: """
            claudemesh. Connect your Claude Code sessions, and your team's, in one
            mesh.
            At any question, type back, help or quit.

            How do you want to start?
            1. Sign in, on any device
            2. Paste an access token, from CLI tokens on the server's pages
            3. Join with an invite link
            4. Create an account, on any device
            5. Use this machine only, no account, no network
            6. Change server, ADDRESS
            7. Exit
            Type a number, or Enter for 1: 1

            Sign in.
            Open this page, here or on your phone:
            HOST/cli-auth?code=ABCD-EFGH
            Check that the page shows this code, then approve: ABCD-EFGH
            Letter by letter: A B C D, dash, E F G H.
            Waiting for your approval. 10 minutes left.
            Type copy, open, new, token or back.
            Page open. Waiting for you to approve.
            Done: signed in as Ana Ferreiro, ana-ferreiro@example.com.
            Done: token saved to ~/.claudemesh/auth.json

            Which mesh? 3 meshes.
            To rename, invite to or leave one, type more and its number.
            1. platform-team, owner, 1 member
            2. planning, owner, 1 member
            3. dev, owner, 1 member
            4. Create a mesh
            5. Join with an invite
            Type a number, part of a name, or Enter for 1: pla
            2 meshes match pla.
            1. platform-team, owner, 1 member
            2. planning, owner, 1 member
            Type a number, or Enter for 1: 2
            Mesh: planning.

            Your name in the mesh?
            Enter for Ana Ferreiro: back
            Which mesh? Now planning. Enter keeps it: 1
            Mesh: platform-team.
            Your name in the mesh?
            Enter for Ana Ferreiro:
            Name: Ana Ferreiro.

            Your role, as others see it?
            1. No role  2. developer  3. reviewer  4. tester  5. architect  6. lead
            7. observer  8. Other
            Type a number, or Enter for 1: 9
            Error: 9 is not in the list. Type 1 to 8: 3
            Role: reviewer.

            Ready. Account Ana Ferreiro. Mesh platform-team. Name Ana Ferreiro. Role
            reviewer. Directory ~. Messages not here (not Claude Code). Runs claude.
            1. Launch Claude Code  2. Change mesh  3. Change name  4. Change role
            5. Change directory  6. Change account  7. Exit
            Type a number, or Enter for 1:
            Starting Claude Code in platform-team as Ana Ferreiro.
            """)

    static let spanish = Script(
        language: "es", back: "atrás", waiting: "Escribe copiar", opened: "Página abierta", prompt: "Enter para 1:",
        filterPrompt: "parte de un nombre, o Enter para 1:", namePrompt: "Enter para Ana Ferreiro:",
        againPrompt: "Ahora planning. Enter la mantiene:", wrongNumber: "Escribe de 1 a 8:",
        transcript: """
            claudemesh. Conecta tus sesiones de Claude Code, y las de tu equipo, en
            una malla.
            En cualquier pregunta, escribe atrás, ayuda o salir.

            ¿Cómo quieres empezar?
            1. Iniciar sesión, en cualquier dispositivo
            2. Pegar un token de acceso, en Tokens de CLI, web del servidor
            3. Unirme con un enlace de invitación
            4. Crear una cuenta, en cualquier dispositivo
            5. Usar solo esta máquina, sin cuenta, sin red
            6. Cambiar servidor, ADDRESS
            7. Salir
            Escribe un número, o Enter para 1: 1

            Iniciar sesión.
            Abre esta página, aquí o en el móvil:
            HOST/cli-auth?code=ABCD-EFGH
            Comprueba que la página muestra este código y aprueba: ABCD-EFGH
            Letra por letra: A B C D, guion, E F G H.
            Esperando tu aprobación. Tiempo restante: 10 minutos.
            Escribe copiar, abrir, nuevo, token o atrás.
            Página abierta. Falta que apruebes.
            Hecho: sesión iniciada como Ana Ferreiro, ana-ferreiro@example.com.
            Hecho: token guardado en ~/.claudemesh/auth.json

            ¿Qué malla? 3 mallas.
            Para renombrar, invitar o dejar una, escribe más y su número.
            1. platform-team, titular, 1 miembro
            2. planning, titular, 1 miembro
            3. dev, titular, 1 miembro
            4. Crear una malla
            5. Unirme con invitación
            Escribe un número, parte de un nombre, o Enter para 1: pla
            2 mallas coinciden con pla.
            1. platform-team, titular, 1 miembro
            2. planning, titular, 1 miembro
            Escribe un número, o Enter para 1: 2
            Malla: planning.

            ¿Tu nombre en la malla?
            Enter para Ana Ferreiro: atrás
            ¿Qué malla? Ahora planning. Enter la mantiene: 1
            Malla: platform-team.
            ¿Tu nombre en la malla?
            Enter para Ana Ferreiro:
            Nombre: Ana Ferreiro.

            ¿Tu rol, a la vista de los demás?
            1. Sin rol  2. desarrollo  3. revisión  4. pruebas  5. arquitectura
            6. coordinación  7. observación  8. Otro
            Escribe un número, o Enter para 1: 9
            Error: 9 no está en la lista. Escribe de 1 a 8: 3
            Rol: revisión.

            Todo listo. Cuenta Ana Ferreiro. Malla platform-team. Nombre Ana
            Ferreiro. Rol revisión. Carpeta ~. Mensajes aquí no (no es Claude Code).
            Ejecuta claude.
            1. Lanzar Claude Code  2. Cambiar malla  3. Cambiar nombre
            4. Cambiar rol  5. Cambiar carpeta  6. Cambiar cuenta  7. Salir
            Escribe un número, o Enter para 1:
            Claude Code arranca en platform-team como Ana Ferreiro.
            """)
}

extension TerminalSession {
    /// Waits until `prompt` is the last that was said, answers it, and sees the answer taken. A question that came by
    /// itself takes words at once, Enter alone only after 400 ms.
    func answer(_ text: String, to prompt: String) async throws {
        let asked = try await wait(for: "\(prompt)") { $0.text.trimmedLines.hasSuffix(prompt) }.text
        send(Array("\(text)\n".utf8))
        try await wait(for: "the answer to \(prompt)") { $0.text != asked }
    }
}

extension String {
    /// Without the blanks at the ends of lines, and without the empty lines after the last.
    var trimmedLines: String {
        var lines = split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }
}
