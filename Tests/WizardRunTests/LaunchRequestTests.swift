// What the command line and the environment answer before anything is drawn, and whose answer goes first.

import ConsoleSupport
import Console
import MeshAPI
import Testing
import Wizard

@testable import WizardRun

@Suite struct LaunchRequestTests {
    private func request(
        _ environment: [String: String] = [:], _ change: (inout LaunchOptions) -> Void = { _ in }
    ) throws -> Request {
        var launch = LaunchOptions()
        change(&launch)
        return try Request(launch, context: .testing(environment))
    }

    @Test func aFlagGoesBeforeItsVariable() throws {
        let environment = ["CLAUDEMESH_MESH": "dev", "CLAUDEMESH_DISPLAY_NAME": "Bo", "CLAUDEMESH_ROLE": "lead"]
        let given = try request(environment)
        #expect(given.mesh == Answer("dev", .variable("CLAUDEMESH_MESH")))
        #expect(given.name == Answer("Bo", .variable("CLAUDEMESH_DISPLAY_NAME")))
        #expect(given.role == Answer("lead", .variable("CLAUDEMESH_ROLE")))
        let typed = try request(environment) { ($0.mesh, $0.name, $0.role) = ("ops", "Val", "tester") }
        #expect(typed.mesh == Answer("ops", .flag("--mesh")) && typed.name == Answer("Val", .flag("--name")))
        #expect(typed.role == Answer("tester", .flag("--role")))
    }

    /// A session's own id decides over its slug, which another mesh may have too.
    @Test func aSessionsIDGoesBeforeItsSlug() throws {
        let given = try request(["CLAUDEMESH_MESH": "dev", "CLAUDEMESH_MESH_ID": "m1"])
        #expect(given.mesh == Answer("m1", .variable("CLAUDEMESH_MESH_ID")))
    }

    @Test func anEmptyRoleIsNoRole() throws {
        #expect(try request { $0.role = "" }.role == Answer(nil, .flag("--role")))
        #expect(try request().role == nil)
    }

    /// The mesh of a session that is gone back to is its own, unless it is asked for another.
    @Test func aSessionGoesBackToItsMesh() throws {
        let environment = ["CLAUDEMESH_MESH": "dev"]
        #expect(try request(environment) { $0.resume = "s1" }.mesh == nil)
        #expect(try request(environment) { ($0.resume, $0.mesh) = ("s1", "ops") }.mesh?.value == "ops")
    }

    @Test func whatCannotBeAnAnswerIsRefusedByItsPlace() {
        #expect(throws: Failure.badInvite(.notAnInvite)) { try request { $0.invited = "hello" } }
        func field(_ body: () throws -> Request) -> String? {
            do { _ = try body() } catch Failure.invalid(let field, _) { return field } catch {}
            return nil
        }
        let long = String(repeating: "x", count: 65)
        #expect(field { try request { $0.name = long } } == "--name")
        #expect(field { try request(["CLAUDEMESH_DISPLAY_NAME": long]) } == "CLAUDEMESH_DISPLAY_NAME")
        #expect(field { try request { $0.role = "a\u{7}" } } == "--role")
    }

    /// Nothing is launched by a dry run: there is nothing to confirm.
    @Test func aDryRunAsksForNoConfirmation() throws {
        #expect(try request { $0.dryRun = true }.yes)
        #expect(try !request().yes)
    }
}
