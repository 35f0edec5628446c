// One process is told from another of the same number, here and elsewhere.

import Platform
import Testing

@Suite struct ProcessIdentityTests {
    let own = ProcessIdentity.own

    @Test func weLive() {
        #expect(own.life() == .alive)
        #expect(!own.boot.isEmpty && own.namespace > 0)
    }

    @Test func itIsReadAsItWasWritten() {
        #expect(ProcessIdentity(own.text() + "\n") == own)
        #expect(ProcessIdentity(own.text(separator: "."), separator: ".") == own)
    }

    @Test func aNumberThatIsUsedAgainIsAnotherProcess() {
        let former = ProcessIdentity(pid: own.pid, start: own.start + 1, boot: own.boot, namespace: own.namespace)
        #expect(former.life() == .gone)
    }

    @Test func elsewhereNothingCanBeJudged() {
        let container = ProcessIdentity(pid: own.pid, start: own.start, boot: own.boot, namespace: own.namespace + 1)
        #expect(container.life() == .elsewhere)
        let machine = ProcessIdentity(pid: own.pid, start: own.start, boot: "other", namespace: own.namespace)
        #expect(machine.life() == .elsewhere)
        // Seen from where the system does not tell where one is.
        let lost = ProcessIdentity(pid: 1, start: 0, boot: "", namespace: 0)
        #expect(lost.life(seenFrom: lost) == .elsewhere && own.life(seenFrom: lost) == .elsewhere)
    }

    @Test(arguments: ["", "12", "-1 5 b 1", "1 -5 b 1", "1 5 b", "1 5 b x", "99999999999 5 b 1", "1 5 b 1 2"])
    func otherTextsAreNone(text: String) {
        #expect(ProcessIdentity(text) == nil)
    }

    @Test func ofAnOldFormThePlaceIsNotKnown() throws {
        let old = try #require(ProcessIdentity("\(own.pid) \(own.start)\n"))
        #expect(old.life() == .elsewhere)
    }
}
