// Creating a mesh: its name, and the slug that follows from it.

import Canvas
import Localization
import MeshAPI
import Widgets

extension Screens {
    var meshCreate: ScreenModel {
        var model = screen(.meshCreate, .titleCreateMesh, help: .helpCreate)
        guard let draft = state.meshes.draft else { return model }
        let name = input(.meshName)
        let slug =
            name.text.trimmingWhitespace().isEmpty
            ? ""
            : draft.takenSlug.map { strings(.slugTaken, ["slug": $0, "other": draft.slug]) }
                ?? strings(.slugFree, ["slug": draft.slug])
        model.groups = [[.field(Field(.meshName, strings[.name], name)), .facts([Fact(strings[.slug], slug)])]]
        model.groups += refused
        if draft.phase == .creating {
            model.groups.append([.text(waiting(strings(.creating, ["name": name.text])))])
            model.keys = waitingKeys(typing: true)
            return model
        }
        if draft.mayExist, let sent = draft.sent?.name {
            model.groups.append([.notice(Notice(.warning, strings(.stopCreatingMore, ["name": sent, "host": host])))])
        }
        model.groups.append([.hint(strings[.becomeOwner])])
        model.typing = .meshName
        model.keys = fieldKeys(
            enter: .barCreate, .mesh(.submit), extra: name.isEmpty ? [] : [clearKey], back: true)
        return model
    }
}
