// /health: alive, and which version; /health/ready: whether it is to be sent requests.

internal import Hummingbird
internal import MeshStore

struct HealthController {
    let readiness: Readiness
    let version: String

    func addRoutes(to router: Router<AppContext>) {
        router.get("health") { _, _ in try WireAnswer.json(["status": "ok", "version": version]) }
        router.get("health/ready") { _, _ in
            try await readiness.check()
            return try WireAnswer.json(["status": "ready"])
        }
    }
}
