// What is refused in topics.

internal import MeshStore

extension Refusal {
    static let topicTaken = Refusal.conflict("topic_taken", "The mesh has a topic of that name.")
    static let ofGeneral = Refusal(.forbidden, "forbidden", "Every mesh has #general, and everybody is in it.")
}
