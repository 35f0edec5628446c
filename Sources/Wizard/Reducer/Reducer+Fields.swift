// Typing and pasting: what each field takes, and what is recognised where a token or an invite link may be pasted.

import Canvas
import FlowEngine
import MeshAPI
import Text

extension WizardState {
    /// A field as a key would leave it. A text the field does not take leaves it as it was, and says why.
    mutating func edit(_ field: FieldID, _ input: TextInput) -> [Effect] {
        let old = inputs[field]?.text ?? ""
        guard input.text != old else {
            inputs[field] = input
            return []
        }
        fieldProblem = refusal(of: input.text, after: old, in: field)
        guard fieldProblem == nil else { return [] }
        inputs[field] = input
        switch field {
        case .server: return serverEdited()
        case .directory: directoryEntry?.missing = nil
        case .token: return tokenEdited(input.text)
        case .invite: return inviteEdited()
        case .meshFilter: filterEdited(input.text)
        case .meshName: meshNameEdited(input.text)
        case .joinName, .meshRename, .name, .role: break
        }
        return []
    }

    /// What is refused as it is typed. An empty field is not, and what shortens a text that is too long is welcome.
    private func refusal(of text: String, after old: String, in field: FieldID) -> FieldProblem? {
        if field != .token, TokenForm.isIn(text), !TokenForm.isIn(old) { return .token }
        guard text.count > old.count || text.unicodeScalars.count > old.unicodeScalars.count else { return nil }
        switch rule(field)?.problem(of: text, isWhole: false) {
        case .nothingVisible, nil: return nil
        case .some(let problem): return problem
        }
    }

    mutating func paste(_ text: String) -> [Effect] {
        guard overlays.isEmpty else { return [] }
        switch screen {
        case .welcome, .signInWaiting, .signInRequesting, .signInUnavailable, .signInDenied, .signInExpired,
            .signInLost:
            if let effects = recognise(text, bareCodes: true) { return effects }
            pastedUnknown = true
            return []
        case .meshList:
            return recognise(text, bareCodes: false) ?? insert(text)
        case .joinLink:
            // Whole, it takes the place of what was there.
            if let effects = recognise(text, bareCodes: true) { return effects }
            return insert(text) + (InviteReference.parse(inviteText) == nil ? [] : lookUpTyped())
        case .token:
            if let effects = recognise(text, bareCodes: false) { return effects }
            let effects = insert(text)
            if TokenForm.kind(of: tokenText) != nil { return effects + checkTyped() }
            if case .typing(nil) = tokenEntry.phase { tokenEntry.phase = .typing(typedTokenProblem) }
            return effects
        case .server:
            return serverPasted(text) ?? insert(text)
        default:
            return insert(text)
        }
    }

    private mutating func insert(_ text: String) -> [Effect] {
        guard let field = focusedField, let before = inputs[field] else { return [] }
        var input = before
        guard let rule = rule(field) else {
            _ = input.paste(text)
            return edit(field, input)
        }
        // What a name cannot hold is left out; of what is too long as much is kept as fits, and that is said.
        var rest = TextInput()
        _ = rest.paste(text)
        var pasted = rest.text.without(InertText.isControl)
        if case .control = rule.problem(of: pasted, isWhole: false) {
            // A soft hyphen, a joiner that joins nothing.
            pasted = pasted.without(\.properties.isDefaultIgnorableCodePoint)
        }
        let whole = pasted
        pasted = String(pasted.prefix(max(0, rule.maxCharacters - before.text.count)))
        _ = input.paste(pasted)
        while !pasted.isEmpty, case .tooLong = rule.problem(of: input.text) {
            pasted.removeLast()
            input = before
            _ = input.paste(pasted)
        }
        let effects = edit(field, input)
        if pasted != whole, fieldProblem == nil { fieldProblem = .tooLong(max: rule.maxCharacters) }
        return effects
    }

    /// A token or an invite is looked up at once; nil where the text is neither.
    private mutating func recognise(_ text: String, bareCodes: Bool) -> [Effect]? {
        let text = text.trimmingWhitespace()
        if TokenForm.kind(of: text) != nil { return tokenPasted(text) }
        guard let reference = InviteReference.parse(text), reference.server != nil || bareCodes else { return nil }
        return join(by: reference, text)
    }

    mutating func join(by reference: InviteReference, _ text: String) -> [Effect] {
        // The other server was agreed to for the link that is no more.
        if step == .join { bringBackAside(.otherServer) }
        askToJoin()
        inputs[.invite] = TextInput(text)
        return lookUp(reference)
    }
}

extension String {
    fileprivate func without(_ isLeftOut: (Unicode.Scalar) -> Bool) -> String {
        String(UnicodeScalarView(unicodeScalars.filter { !isLeftOut($0) }))
    }
}
