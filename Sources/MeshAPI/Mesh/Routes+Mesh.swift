// The routes of what is said in a mesh, and of who may say what. assets/openapi.json describes them.

extension Routes {
    private static let within = "/api/my/meshes/{id}/"

    public static let sendMessage = Route(.post, within + "messages")
    public static let listMessages = Route(.get, within + "messages", items: "messages")
    public static let message = Route(.get, within + "messages/{message_id}")
    public static let withdrawMessage = Route(.delete, within + "messages/{message_id}")
    public static let reportReceipts = Route(.post, within + "receipts")
    public static let events = Route(.get, within + "events")

    public static let changeSession = Route(.patch, within + "sessions/{session_id}")
    public static let disconnectSession = Route(.post, within + "sessions/{session_id}/disconnect")
    public static let kickSession = Route(.post, within + "sessions/{session_id}/kick")
    public static let kickSessions = Route(.post, within + "sessions/kick")
    public static let changeMyself = Route(.patch, within + "members/me")
    public static let banMember = Route(.post, within + "members/{member_id}/ban")
    public static let unbanMember = Route(.delete, within + "members/{member_id}/ban")
    public static let listBans = Route(.get, within + "bans", items: "bans")

    public static let listGrants = Route(.get, within + "grants", items: "grants")
    public static let putGrant = Route(.put, within + "grants/{member_id}")
    public static let deleteGrant = Route(.delete, within + "grants/{member_id}")

    public static let listTopics = Route(.get, within + "topics", items: "topics")
    public static let createTopic = Route(.post, within + "topics")
    public static let changeTopic = Route(.patch, within + "topics/{name}")
    public static let deleteTopic = Route(.delete, within + "topics/{name}")
    public static let joinTopic = Route(.put, within + "topics/{name}/members/me")
    public static let leaveTopic = Route(.delete, within + "topics/{name}/members/me")
    public static let muteTopic = Route(.put, within + "topics/{name}/attention")
    public static let readTopic = Route(.post, within + "topics/{name}/read")
    public static let listNotifications = Route(.get, within + "notifications", items: "notifications")
    public static let readNotifications = Route(.post, within + "notifications/read")

    public static let listKeys = Route(.get, within + "keys", items: "keys")
    public static let createKey = Route(.post, within + "keys")
    public static let revokeKey = Route(.delete, within + "keys/{key_id}")
}
