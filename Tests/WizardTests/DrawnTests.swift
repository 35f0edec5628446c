// The screens are as the designer drew them, to the cell. Drawn/ holds the drawings, without a cursor; of the five meshes that "mesh.error-saved-list" speaks of it has all five.

import Canvas
import FoundationEssentials
import Localization
import MeshAPI
import Testing

@testable import Wizard
@testable import WizardSamples

@Suite struct DrawnTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Drawn")
    static let drawings = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .map { String($0.dropLast(4)) }.sorted()

    @Test func thereAreDrawings() {
        #expect(Self.drawings.count == 43)
    }

    @Test(arguments: drawings) func isAsDrawn(_ name: String) throws {
        let drawing = try String(contentsOf: Self.folder.appending(path: "\(name).txt"), encoding: .utf8)
        var lines = drawing.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines.removeLast()
        let language: Language = name.contains("-es-") ? .es : .en
        let shown = try #require(state(name))
        #expect(frame(for: shown, strings: Strings(language)).lines == lines)
    }

    private func state(_ name: String) -> WizardState? {
        switch name {
        // Drawn with the reason of a refusal.
        case "name": GoldenTests.samples[.en]?["name.too-long"]
        case "40x12-es-confirm": small(Self.ana(.confirm))
        case "40x12-es-mesh": small(Self.ana(.mesh))
        case "40x12-es-sign-in": small(GoldenTests.samples[.es]?["sign-in.waiting-ssh-qr"])
        default: GoldenTests.samples[.en]?[name]
        }
    }

    private func small(_ state: WizardState?) -> WizardState? {
        var state = state
        state?.size = Size(width: 40, height: 12)
        return state
    }

    /// Ana Ferreiro's second run: at the last look, or with the mesh open again under a filter.
    private static func ana(_ step: StepID) -> WizardState {
        let samples = Samples(language: .es)
        let state = samples.returning { state in
            state.account.correct { $0.user.name = "Ana Ferreiro" }
            state.memory.name = "Ana"
            state.memory.role = .some(nil)
            if step == .mesh { state.memory = .init() }
        }
        let meshes = Action.arrived(.meshes(Samples.five))
        return samples.run(state, step == .mesh ? [meshes, samples.type("pla", in: .meshFilter)] : [])
    }
}
