// No way leads round a grant: random people, their sessions and their scripts let each other in, refuse, block and write by
// every address there is, and whatever anybody reads anywhere was let through by `ContactRules` as things stood then.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct NoWayRoundTests {
    @Test(arguments: 1...4) func whatAnybodyReadsWasLetThrough(seed: UInt64) async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            var crowd = try await Crowd(bench, client, seed: seed)
            for step in 1...60 {
                try await crowd.doSomething()
                try await crowd.checkEvents()
                if step % 20 == 0 { try await crowd.checkLists() }
            }
            #expect(crowd.said.count > 5 && crowd.passed.count > 3 && crowd.stopped > 1, "\(crowd.said.count)")
        }
    }

    /// A stream that is open all the while tells what polls tell, and nothing besides.
    @Test func streamsTellNoMoreThanPolls() async throws {
        let bench = try Bench {
            $0.hasLimits = false
            $0.port = 0
        }
        try await bench.serve { port, _ in
            try await bench.run { client in
                var crowd = try await Crowd(bench, client, seed: 5)
                let ears = try await crowd.listen(on: port)
                for _ in 1...40 {
                    try await crowd.doSomething()
                    try await crowd.checkEvents()
                    try await crowd.check(ears)
                }
                #expect(ears.map(\.heard.count).reduce(0, +) > 50)
            }
        }
    }
}
