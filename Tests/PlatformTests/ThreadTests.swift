// What this process needs of threads and descriptors, it gets.

import Platform
import Testing

@Suite struct ThreadTests {
    @Test func thisProcessGetsItsOwn() throws { try Threads.check() }

    @Test func theLimitOfOpenFilesIsKnown() throws {
        let limit = try #require(Descriptors.limit)
        Descriptors.raise(to: limit)
        #expect(Descriptors.limit == limit)
    }
}
