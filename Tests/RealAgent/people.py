"""What is between people: a stranger's first word, asked about in Claude Code's own dialog, past the model."""
import json, os
from loopback import Browser, call, sign_in
from mesh import send, states


def stranger(place, name):
    """An account that came by a link for several: nobody vouches for it."""
    browser = Browser(place.server.base).register(name)
    token = sign_in(place.server.base, browser)
    url = f"{place.server.base}/api/my/meshes/{place.mesh['id']}/invites"
    code = call("POST", url, {"max_uses": 5}, place.owner)["code"]
    call("POST", f"{place.server.base}/api/public/invites/{code}/claim", {}, token)
    return type("Stranger", (), {"token": token, "name": name})


def firstword(place, check):
    """A stranger's first message is asked about in a dialog of Claude Code's own, which the model neither sees nor answers."""
    ada = place.person("Ada")
    api = place.launched(ada, "api")
    place.followed(ada, api)
    mallory = stranger(place, "Mallory")
    api.say("something of my own")
    api.until(lambda: ada.stub.asked("something of my own"), 10)
    api.until(lambda: False, 1)
    message = send(place, mallory, "ada/api", "Hi! I am the new one")
    check("it is held", "held" in json.dumps(message["recipients"]), message)
    check("a dialog asks", bool(api.until(api.draws("wants to write to api"), 30)), api.text()[-1500:])
    check("with what it costs", api.draws("which costs you tokens")(), api.text()[-800:])
    for _ in range(4):
        api.type("\r")
        api.until(lambda: False, 0.4)
    check("Enter alone lets nobody in", "held" in states(place, mallory, message["id"]).values(), states(place, mallory, message["id"]))
    check("the model saw nothing", not ada.stub.asked("Hi! I am the new one") and not ada.stub.asked("wants to write"))
    # → shows the choices, Space takes the first, ↓ leads to Accept.
    for key in ("\x1b[C", " ", "\x1b[B", "\r"):
        api.type(key)
        api.until(lambda: False, 0.6)
    let_in = lambda: "held" not in states(place, mallory, message["id"]).values()
    check("let in, it comes", bool(api.until(lambda: ada.stub.asked("Hi! I am the new one"), 20)), api.text()[-1500:])
    check("and stays in", let_in())
    second = stranger(place, "Trudy")
    send(place, second, "ada/api", "Me too")
    check("at most one an hour", not api.until(api.draws("Trudy wants to write"), 6))
    api.say("/exit")
    check("it ends with 0", bool(api.until(api.ended)) and api.status == 0, api.status)


ALL = {"firstword": firstword}
