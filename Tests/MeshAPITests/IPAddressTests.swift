// Addresses, ranges, and what is this machine.

import Testing

@testable import MeshAPI

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("::1", "::1"), ("::", "::"), ("0:0:0:0:0:0:0:1", "::1"),
        ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8::1:2:3:4:5", "2001:db8:0:1:2:3:4:5"),
        ("fe80::", "fe80::"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::ffff:c000:201", "192.0.2.1"),
        ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func hasOneSpelling(text: String, spelling: String) {
        #expect(IPAddress(text)?.description == spelling)
        #expect(IPAddress.canonical(text) == spelling)
        #expect(IPAddress(spelling) == IPAddress(text))
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.", ".1.2.3", "+1.2.3.4", "1.2.3.x",
        "127.evil.example",
        ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "+1::",
        "::1.2.3", "1.2.3.4::", "[::1]", "::1%lo", "１.2.3.4",
    ])
    func otherTextsAreNone(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func rangesOfAddresses() throws {
        func contains(_ range: String, _ address: String) throws -> Bool {
            try #require(IPRange(range)).contains(try #require(IPAddress(address)))
        }
        #expect(try contains("10.0.0.0/8", "10.255.0.1"))
        #expect(try !contains("10.0.0.0/8", "11.0.0.1"))
        #expect(try !contains("192.168.1.128/25", "192.168.1.127"))
        #expect(try contains("127.0.0.1", "::ffff:127.0.0.1"))
        #expect(try contains("fd00::/8", "fd12::1"))
        #expect(try !contains("0.0.0.0/0", "::1"))
        for text in ["", "x", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0.0/-1", "::1/129", "/8"] {
            #expect(IPRange(text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        "localhost", "LOCALHOST", "localhost.", "mesh.localhost", "127.0.0.1", "127.9.8.7", "::1", "[::1]",
        "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1",
    ])
    func thisMachine(host: String) {
        #expect(Loopback.contains(host))
    }

    @Test(arguments: [
        "", "127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "notlocalhost", "10.0.0.1",
        "0.0.0.0",
        "::", "::2", "127.1", "127.0.0.01", "1127.0.0.1",
    ])
    func otherMachines(host: String) {
        #expect(!Loopback.contains(host))
    }
}
