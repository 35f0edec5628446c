// Roles, and why a name or a role is refused: said alike by the wizard, the mesh's screen, line mode and the commands.

public import MeshAPI

extension Strings {
    /// A role as this language shows it; own words as they are.
    public func callAsFunction(role: String) -> String {
        switch role {
        case "developer": self[.roleDeveloper]
        case "reviewer": self[.roleReviewer]
        case "tester": self[.roleTester]
        case "architect": self[.roleArchitect]
        case "lead": self[.roleLead]
        case "observer": self[.roleObserver]
        default: role
        }
    }

    /// Why a name or a role is refused.
    public func callAsFunction(_ problem: FieldProblem, isName: Bool) -> String {
        switch problem {
        case .tooLong(let max): self(isName ? .nameTooLong : .roleTooLong, ["n": number(max)])
        case .nothingVisible: self[isName ? .nameInvisible : .roleInvisible]
        case .control: self[isName ? .nameControl : .roleControl]
        case .token: self[.tokenHere]
        }
    }
}
