// Who may put out and ban whom, and why not: the same for the server, the commands and `watch`.

import FoundationEssentials
import MeshAPI
import Testing

@Suite struct MembershipTests {
    private func member(_ id: String, _ membership: Membership) -> Member {
        Member(id: id, name: id, membership: membership, joinedAt: .distantPast)
    }

    static let bars: [(Membership, Membership, ModerationBar?)] = [
        (.owner, .owner, .owner), (.owner, .admin, nil), (.owner, .member, nil), (.admin, .owner, .owner),
        (.admin, .admin, .admin), (.admin, .member, nil), (.member, .owner, .noModerator),
        (.member, .admin, .noModerator), (.member, .member, .noModerator),
    ]

    @Test(arguments: bars)
    func barsAreAsRulesAre(_ mine: Membership, _ theirs: Membership, _ bar: ModerationBar?) {
        #expect(member("a", mine).bar(to: member("b", theirs)) == bar)
        #expect((bar == nil) == mine.moderates(theirs))
    }

    @Test(arguments: Membership.allCases) func nobodyPutsOutThemself(_ mine: Membership) {
        #expect(member("a", mine).bar(to: member("a", mine)) == .oneself)
    }
}
