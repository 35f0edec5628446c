// From what a person does to actions, by the key table of the screen that is up.

public import Canvas
public import Widgets

/// The actions of an event on a screen as it is drawn in a window of `size`, none where it means nothing there.
public func actions(for event: InputEvent, on model: Widgets.ScreenModel<WizardVocabulary>, size: Size) -> [Action] {
    switch event {
    case .resize(let size): return [.resized(size)]
    case .paste(let text): return [.paste(text)]
    case .key, .mouse, .focus: break
    }
    return Keys(model: model, size: size).meaning(of: event).map { meaning in
        switch meaning {
        case .perform(let action): action
        case .select(let row): .select(model.id, row)
        case .edit(let field, let input): .edit(field, input)
        }
    }
}
