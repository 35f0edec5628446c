// Signing a machine in: device codes. None of these calls sends a token.

internal import FoundationEssentials
package import MeshAPI

extension APIClient {
    /// `POST /api/auth/cli/device-code`: a fresh code, a secret. Refuses plain `http:` off loopback (`insecure`).
    /// - Returns: the code, its times brought within reason: it lives 0 to 86,400 s.
    package func createDeviceCode(_ device: DeviceCodeRequest) async throws(APIFailure) -> DeviceCode {
        var code: DeviceCode = try await call(
            Routes.createDeviceCode,
            Options(
                path: Routes.createDeviceCode.path(), body: Self.body(device), signed: false, secret: true,
                // A code that nobody heard of ends by itself.
                isRepeatable: true))
        // Whoever adds these to a clock must not have to think of overflow.
        code.expiresIn = min(max(code.expiresIn, 0), 86_400)
        code.waitMax = code.waitMax.map { min(max($0, 0), DeviceCodePoller.longestWait) }
        return code
    }

    /// `GET /api/auth/cli/device-code/{device_code}`: where it stands. The token comes once.
    /// - Parameter wait: seconds the server may hold its answer until something changes; nil asks for one at once.
    package func pollDeviceCode(_ code: String, wait: Int?) async throws(APIFailure) -> DeviceCodeStatus {
        // Whoever polls tries again by itself, and not sooner than it may.
        var options = Options(path: Routes.pollDeviceCode.path(code), signed: false, secret: true, isRepeatable: false)
        if let wait {
            options.query = [("wait", "\(wait)")]
            options.timeout = .seconds(wait + 10)
        }
        return try await call(Routes.pollDeviceCode, options)
    }

    /// `DELETE` the same: this machine gives the code up. Best effort, at most a second.
    package func deleteDeviceCode(_ code: String) async {
        let options = Options(
            path: Routes.deleteDeviceCode.path(code), signed: false, secret: true, timeout: .seconds(1),
            isRepeatable: false)
        _ = try? await send(Routes.deleteDeviceCode, options)
    }
}
