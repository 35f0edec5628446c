/// Where a request came from, for limits and the audit.
package struct Caller: Sendable {
    package var address: String
    package var userAgent: String?

    package init(address: String, userAgent: String? = nil) {
        (self.address, self.userAgent) = (address, userAgent)
    }
}
