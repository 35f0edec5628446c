// /health: alive, and which version; /health/ready: the database answers, takes what is written, and every migration is in
// place.

internal import Hummingbird
internal import MeshStore

struct HealthController {
    let database: any Store
    let version: String

    func addRoutes(to router: Router<AppContext>) {
        router.get("health") { _, _ in try WireAnswer.json(["status": "ok", "version": version]) }
        router.get("health/ready") { _, _ in
            guard await database.isReady() else { throw Refusal.storageUnavailable }
            return try WireAnswer.json(["status": "ready"])
        }
    }
}
