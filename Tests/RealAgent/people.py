"""What is between people: a stranger's first word, asked about in Claude Code's own dialog, past the model."""
import json, os, signal, sqlite3, urllib.error
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


def choose(terminal, place):
    """→ shows the choices, Space takes one, ↓ leads to Accept."""
    for key in ["\x1b[C", *["\x1b[B"] * place, " ", "\x1b[B", "\r"]:
        terminal.type(key)
        terminal.until(lambda: False, 0.6)


def an_hour_later(person):
    """A person is asked at most once an hour."""
    path = os.path.join(person.environment["CLAUDEMESH_CONFIG_DIR"], "daemon", "daemon.sqlite")
    with sqlite3.connect(path, timeout=10) as rows:
        rows.execute("DELETE FROM asked")


def dialog(place, check):
    """What the person chooses in the dialog is so at the server: let in, refused, blocked, later; also by a daemon that followed."""
    ada = place.person("Ada")
    api = place.launched(ada, "api")
    place.followed(ada, api)
    api.say("something of my own")
    api.until(lambda: ada.stub.asked("something of my own"), 10)
    grants = f"{place.server.base}/api/my/meshes/{place.mesh['id']}/grants"

    def standing(name):
        return next((g for g in call("GET", grants, token=ada.token)["grants"] if g["member"]["name"] == name), {})

    def asked(name):
        an_hour_later(ada)
        other = stranger(place, name)
        message = send(place, other, "ada/api", f"Hi! I am {name}")["id"]
        check(f"{name} is asked about", bool(api.until(api.draws(f"{name}, who came by Ada's link, wants to write"), 40)))
        api.until(lambda: False, 0.5)
        return other, lambda: states(place, other, message)
    other, state = asked("Letty")
    choose(api, 0)
    check("let in, it comes", bool(api.until(lambda: ada.stub.asked("I am Letty"), 20)), state())
    check("and may write on", standing("Letty").get("can") == ["dm", "broadcast"], standing("Letty"))
    other, state = asked("Rufus")
    choose(api, 1)
    check("refused, its sender is told", bool(api.until(lambda: "refused" in state().values(), 10)), state())
    check("and nobody is blocked", standing("Rufus").get("state") != "blocked", standing("Rufus"))
    other, state = asked("Blake")
    choose(api, 2)
    check("blocked, its sender is told", bool(api.until(lambda: "refused" in state().values(), 10)), state())
    check("and stays out", standing("Blake").get("state") == "blocked", standing("Blake"))
    try:
        send(place, other, "ada/api", "once more")
        check("what they write then is refused", False)
    except urllib.error.HTTPError as refusal:
        check("what they write then is refused", refusal.code == 403 and json.load(refusal)["error"] == "blocked")
    other, state = asked("Dora")
    for pid in ada.daemons():
        os.kill(pid, signal.SIGKILL)
    choose(api, 0)
    check("a daemon that followed takes the answer", bool(api.until(lambda: ada.stub.asked("I am Dora"), 40)), state())
    other, state = asked("Olga")
    place.server.stop()
    choose(api, 0)
    api.until(lambda: False, 1)
    place.server.start()
    api.say("go on")
    check("an answer that came to nothing is said", bool(api.until(api.draws("Your answer to Olga did not reach the mesh"), 20)))
    check("and waits as before", "held" in state().values(), state())
    count = api.text().count("Olga, who came by")
    an_hour_later(ada)
    check("an hour later it is asked again", bool(api.until(lambda: api.text().count("Olga, who came by") > count, 40)))
    api.type("\x1b")
    api.until(lambda: False, 1)
    count = api.text().count("Olga, who came by")
    check("Esc is later", "held" in state().values() and standing("Olga").get("state") == "held", state())
    check("and nobody asks again soon", not api.until(lambda: api.text().count("Olga, who came by") > count, 30))
    check("the model saw nothing of it", not ada.stub.asked("wants to write"))


ALL = {"firstword": firstword, "dialog": dialog}
