"""Two people and those around them, each with a home of their own, and one server: every address reaches exactly whom it is to
reach, once, also who was away; every refusal comes in its words; every receipt in its order. What a person does goes by the
program's own commands, what a session does by its token."""
import contextlib, hashlib, json, os, secrets, subprocess, tempfile, threading, time, urllib.error, urllib.request, uuid

from loopback import Browser, call, environment, server, sign_in


class Person:
    """An account that is signed in on one or more machines: homes, with the program in them."""

    def __init__(self, place, name):
        self.place, self.name = place, name
        self.handle = name.lower()
        self.session = sign_in(place.base, Browser(place.base).register(name))
        self.id = call("GET", place.base + "/api/my/whoami", token=self.session)["user"]["id"]
        self.homes = [self.machine()]

    def machine(self):
        """One more home of theirs, signed in."""
        home = tempfile.TemporaryDirectory()
        token = call("POST", self.place.base + "/api/my/cli/tokens", {"name": "machine"}, token=self.session)["token"]
        self.run("login", "--with-token", "--force", home=home, input=token)
        return home

    def run(self, *words, home=None, input="", language="en", **variables):
        """What a command says on a machine of theirs, the first where none is named: status, output, errors."""
        home = home or self.homes[0]
        at = environment(home.name, CLAUDEMESH_API_URL=self.place.base, CLAUDEMESH_CONFIG_DIR=home.name + "/.claudemesh", **variables)
        ran = subprocess.run(
            [self.place.binary, *words, "--lang", language], env=at, input=input, capture_output=True, text=True, timeout=60)
        return ran.returncode, ran.stdout, ran.stderr

    def json(self, *words, **more):
        status, out, errors = self.run(*words, "--json", **more)
        return json.loads(out) if status == 0 else json.loads(errors.strip().split("\n")[-1])["error"]

    def api(self, method, path, body=None):
        return call(method, self.place.url + path, body, token=self.session)

    def waiting(self):
        return [message["body"] for message in self.api("GET", "/messages?unread=1&limit=1000")["messages"]]


class Session:
    """A launched session as its server knows it."""

    def __init__(self, person, name, role=None, receives="wake"):
        self.person, self.name, self.token, self.id = person, name, secrets.token_hex(32), str(uuid.uuid4())
        self.body = {
            "session_id": self.id, "display_name": name, "role": role, "pid": 1, "host": "box", "receives": receives,
            "token_hash": hashlib.sha256(self.token.encode()).hexdigest()}
        self.address = person.api("POST", "/sessions", self.body)["address"]

    def api(self, method, path, body=None):
        return call(method, self.person.place.url + path, body, headers={"Authorization": f"ClaudeMesh-Session {self.token}"})

    def say(self, to, text, **more):
        return self.api("POST", "/messages", {"to": to, "body": text, "client_id": secrets.token_hex(8), **more})

    def waiting(self):
        return [message["body"] for message in self.api("GET", "/messages?unread=1&limit=1000")["messages"]]

    def report(self, message, state, lane=None):
        step = {"message_id": message, "state": state, **({"lane": lane} if lane else {})}
        return self.api("POST", "/receipts", {"receipts": [step]})

    def leave(self):
        self.person.api("DELETE", f"/sessions/{self.id}")


def refused(call, *words):
    """Status and error of a call that is refused."""
    try:
        return 200, call(*words)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


class Place:
    """The server, Ana's mesh and who is in it: Bo, whom she invited singly, Cem too, and Mallory by a link for several."""

    def __init__(self, binary, site, check):
        self.binary, self.base, self.check, self.sent = binary, site.base, check, 0
        self.ana = Person(self, "Ana")
        self.mesh = call("POST", self.base + "/api/my/meshes", {"name": "Planning"}, self.ana.session)
        self.url = f"{self.base}/api/my/meshes/{self.mesh['id']}"
        self.bo, self.cem, self.mal = (self.member(name, uses) for name, uses in [("Bo", 1), ("Cem", 1), ("Mallory", 9)])
        self.ana.homes.append(self.ana.machine())

    def member(self, name, uses):
        person = Person(self, name)
        status, out, errors = person.run("join", self.ana.api("POST", "/invites", {"max_uses": uses})["code"])
        self.check(f"{name} joins", status == 0, out + errors)
        return person

    def reaches(self, to, whom, by=None, says=(), language="en", home=None):
        """What is sent to that address is in those mailboxes, once, and in no other."""
        by, self.sent = by or self.ana, self.sent + 1
        text = f"word {self.sent} to {to}"
        status, out, errors = by.run("send", to, text, language=language, home=home)
        mailboxes = {name: box.waiting().count(text) for name, box in self.mailboxes.items()}
        got = sorted(name for name, count in mailboxes.items() if count)
        self.check(f"{to} reaches {', '.join(whom) or 'nobody'}", got == sorted(whom) and status == 0, (got, out, errors))
        self.check("  each once", all(count <= 1 for count in mailboxes.values()), mailboxes)
        for words in says:
            self.check(f"  and says: {words}", words in out + errors, out + errors)

    def says(self, person, words, status, text, **more):
        """A command ends so, with these words."""
        ended, out, errors = person.run(*words, **more)
        self.check(f"{' '.join(words)[:60]}: {text[:70]}", ended == status and text in out + errors, (ended, out, errors))


def addresses(place):
    """The table of addresses."""
    ana, bo, cem, mal, check = place.ana, place.bo, place.cem, place.mal, place.check
    api, docs = Session(ana, "api", role="lead"), Session(ana, "docs", role="reviewer")
    reviewer, tests = Session(bo, "reviewer", role="reviewer"), Session(bo, "tests", receives="nothing")
    mals = Session(mal, "mals", role="reviewer")
    place.mailboxes = {
        "ana": ana, "bo": bo, "cem": cem, "mallory": mal, "ana/api": api, "ana/docs": docs, "bo/reviewer": reviewer,
        "bo/tests": tests, "mallory/mals": mals}
    place.reaches("bo/reviewer", ["bo/reviewer"], says=["✔ Sent"])
    place.reaches("bo/tests", ["bo"], says=["bo/tests takes no messages now: it is in Bo's own inbox."])
    place.reaches("bo/tests", ["bo"], says=["bo/tests no recibe mensajes ahora: está en el buzón de Bo."], language="es")
    place.reaches("api", ["ana/api"], home=ana.homes[1])
    place.reaches("bo", ["bo"])
    place.reaches("reviewer", ["bo/reviewer"])
    place.reaches(reviewer.id, ["bo/reviewer"])
    place.reaches(reviewer.id[:6], ["bo/reviewer"])
    place.reaches(bo.id, ["bo"])
    place.reaches(bo.id[:6], ["bo"])
    place.says(ana, ["send", reviewer.id[:5], "x"], 5, f"Nobody in Planning is called {reviewer.id[:5]}.")
    place.reaches("@reviewer", ["ana/docs", "bo/reviewer"], says=["Not in contact with you: mallory/mals."])
    place.reaches("@revisión", ["ana/docs", "bo/reviewer"])
    place.reaches("@api", ["ana/api"])
    place.reaches("@all", ["ana/api", "ana/docs", "bo", "bo/reviewer", "cem"], says=["Not in contact with you: mallory/mals"])
    place.reaches("@todos", ["ana/api", "ana/docs", "bo", "bo/reviewer", "cem"], language="es", says=["Sin contacto contigo: mallory/mals"])
    cursor = ana.api("GET", "/events")["cursor"]
    place.reaches("@self", [])
    came = [e["message"]["body"] for e in ana.api("GET", f"/events?after={cursor}")["events"] if e["type"] == "message"]
    check("a probe comes back", came == [f"word {place.sent} to @self"], came)
    check("and is in no list", not any("@self" in m["body"] for m in ana.api("GET", "/messages?limit=1000")["messages"]))
    place.reaches("#general", [], says=["#general: posted"])
    for person in (bo, cem, mal):
        history = [m["body"] for m in person.api("GET", "/messages?topic=general")["messages"]]
        check(f"  {person.name} reads it", history.count(f"word {place.sent} to #general") == 1, history)
    status, out, _ = ana.run("send", "#general", "Look, @reviewer and @bo, not `@cem`, @nobody")
    check("a mention reaches whom it names", "Look, @reviewer and @bo, not `@cem`, @nobody" in reviewer.waiting() and
          any(body.startswith("Look") for body in bo.waiting()) and not any(body.startswith("Look") for body in cem.waiting()))
    # Ambiguous, unknown, oneself.
    other = Session(cem, "reviewer")
    place.mailboxes["cem/reviewer"] = other
    place.says(ana, ["send", "reviewer", "x"], 3, 'Two fit "reviewer".')
    place.says(ana, ["send", "reviewer", "x"], 3, "bo/reviewer (here)")
    place.says(ana, ["send", "reviewer", "x"], 3, "Hay dos que responden a «reviewer».", language="es")
    place.reaches("reviewer", ["bo/reviewer"], by=bo)
    other.leave()
    place.says(ana, ["send", "reviewer", "x"], 3, "cem/reviewer (away since")
    place.says(ana, ["send", "revewer", "x"], 5, "Nobody in Planning is called revewer.")
    place.says(ana, ["send", "revewer", "x"], 5, "@reviewer (3). Everyone")
    place.says(ana, ["send", "revewer", "x"], 5, "Nadie en Planning se llama revewer.", language="es")
    place.says(ana, ["send", "@tester", "x"], 5, "Nobody here is a tester now.")
    place.says(ana, ["send", "@tester", "x"], 5, "Roles here: reviewer (3), lead (1)")
    place.says(ana, ["send", "@tester", "x"], 5, "Nadie tiene ahora el rol de pruebas.", language="es")
    place.says(ana, ["send", "#cii", "x"], 5, "There is no #cii here.")
    place.says(ana, ["send", "ana", "x"], 3, "That is you.")
    check("with one that is wrong nothing is sent", refused(
        ana.api, "POST", "/messages", {"to": ["bo", "nobody"], "body": "half", "client_id": "h"})[1]["error"] == "no_recipient"
        and "half" not in bo.waiting())
    return api, docs, reviewer


def away(place, reviewer):
    """Who was away gets it: a session that comes back or is launched anew under its name, a person at their next inbox."""
    bo, check = place.bo, place.check
    reviewer.leave()
    place.reaches("bo/reviewer", ["bo/reviewer"], says=["away since"])
    place.reaches("bo/reviewer", ["bo/reviewer"], says=["No está desde"], language="es")
    before = reviewer.waiting()
    anew = Session(bo, "reviewer", role="reviewer")
    check("launched anew it has what waited", sorted(anew.waiting()) == sorted(before) and anew.address == "bo/reviewer", anew.waiting())
    check("and the former no more", not reviewer.waiting(), reviewer.waiting())
    place.mailboxes["bo/reviewer"] = anew
    count = len(bo.waiting())
    status, out, _ = bo.run("inbox", "--count")
    check("a person sees how many wait", out.strip() == str(count), (out, count))
    status, out, _ = bo.run("inbox")
    check("and reads all of it, once", out.count("\n| ") >= count and bo.run("inbox", "--count")[1] == "0\n", out)
    return anew


def receipts(place, api, reviewer):
    """Every receipt in its order, told to its sender."""
    ana, bo, check = place.ana, place.bo, place.check
    cursor = api.api("GET", "/events")["cursor"]
    sent = api.say("bo/reviewer", "May I?")
    for state, lane in [("fetched", None), ("handed", "inbox"), ("seen", None)]:
        reviewer.report(sent["id"], state, lane)
        page = api.api("GET", f"/events?after={cursor}")
        cursor = page["cursor"]
        told = [event["receipt"]["state"] for event in page["events"] if event["type"] == "receipt"]
        check(f"its sender is told: {state}", told == [state], told)
    check("a step back is passed over", reviewer.report(sent["id"], "fetched")["receipts"][0]["state"] == "seen")
    reviewer.say(None, "Yes", reply_to=sent["id"])
    shown = api.api("GET", f"/messages/{sent['id']}")["receipts"][0]
    order = ["queued", "fetched", "handed", "seen", "acknowledged"]
    times = [shown["times"][state] for state in order]
    check("answered, with the time of each step", shown["state"] == "acknowledged" and times == sorted(times) and shown["lane"] == "inbox", shown)
    mine = ana.json("send", "bo", "For the person")
    check("to a person: waiting", mine["recipients"][0]["state"] == "queued", mine)
    bo.run("inbox")
    check("printed is seen", ana.json("messages", "show", mine["id"])["receipts"][0]["state"] == "seen")
    place.says(ana, ["messages", "withdraw", mine["id"]], 6, "Bo has seen it already.")
    place.says(ana, ["messages", "withdraw", mine["id"]], 6, "Bo ya lo ha visto.", language="es")
    bo.run("reply", mine["id"], "Thanks")
    check("answered", ana.json("messages", "show", mine["id"])["receipts"][0]["state"] == "acknowledged")
    back = ana.json("send", "bo", "Oops")
    place.says(ana, ["messages", "withdraw", back["id"]], 0, "back")
    check("taken back it is gone", "Oops" not in bo.waiting())
    soon = ana.json("send", "bo", "Only for a moment", "--within", "10s")
    time.sleep(10.5)
    gone = ana.json("messages", "show", soon["id"])
    check("unseen in time it expired", gone["receipts"][0]["state"] == "expired" and "Only for a moment" not in bo.waiting(), gone)
    again = [ana.json("send", "bo", "green", "--id", "build-1")["id"] for _ in range(2)]
    check("a repeated step is one message", again[0] == again[1] and bo.waiting().count("green") == 1)
    place.says(ana, ["send", "bo", "red", "--id", "build-1"], 6, "build-1 was sent already, with another text.")
    asked = ana.json("send", "@reviewer", "Who looks?")
    first = [m for m in reviewer.api("GET", "/messages?unread=1")["messages"] if m["id"] == asked["id"]]
    check("a role's question is at each of it", len(first) == 1 and len(asked["recipients"]) == 2, asked)
    reviewer.say(None, "I do", reply_to=asked["id"])
    states = {r["name"]: (r["state"], r.get("reason")) for r in ana.json("messages", "show", asked["id"])["receipts"]}
    check("answered by one, the others' ends", states["docs"] == ("withdrawn", "answered by bo/reviewer"), states)


def contact(place):
    """A stranger's first word: held, let in once, then free; refused, blocked; grants."""
    ana, bo, mal, check = place.ana, place.bo, place.mal, place.check
    place.says(mal, ["send", "bo", "Hi, I am new"], 0, "Not let in yet: Bo has been asked. It goes on by itself.")
    check("nothing of it is read", "Hi, I am new" not in bo.waiting())
    place.says(mal, ["send", "bo", "Well?"], 4, "Bo has not let in your first message yet.")
    place.says(mal, ["send", "@all", "Everybody"], 0, "Not in contact with you: ana/api")
    place.says(bo, ["contacts"], 0, "1 message waits to be let in")
    place.says(bo, ["allow", "mallory"], 0, "✔ Mallory may write to you; 1 message goes on")
    check("let in, it goes on", bo.waiting().count("Hi, I am new") == 1)
    place.says(mal, ["send", "bo", "Free"], 0, "bo: waiting")
    place.says(bo, ["block", "mallory"], 0, "✔ Nothing of Mallory's reaches you")
    place.says(mal, ["send", "bo", "Blocked?"], 7, "Bo takes no messages from you. Nothing was kept.")
    place.says(mal, ["send", "bo", "¿Sigo?"], 7, "Bo no acepta mensajes tuyos. No se ha guardado nada.", language="es")
    place.says(bo, ["unblock", "mallory"], 0, "No longer blocked")
    place.says(mal, ["send", "bo", "Again"], 0, "Not let in yet")
    place.says(bo, ["revoke", "mallory"], 0, "")
    place.says(mal, ["send", "bo", "Please"], 7, "Bo did not take this message. You can ask again tomorrow.")
    place.says(bo, ["grant", "mallory"], 0, "✔ Mallory may now: dm, broadcast")
    place.says(mal, ["send", "bo", "Now"], 0, "bo: waiting")
    place.says(bo, ["revoke", "ana", "broadcast"], 0, "✔ Ana may now: dm")
    place.says(ana, ["send", "@reviewer", "x"], 0, "Not in contact with you: bo/reviewer")
    place.says(bo, ["grant", "ana", "broadcast"], 0, "✔ Ana may now: dm, broadcast")


class Stream(threading.Thread):
    """Somebody's stream of events: what came, and when it ended."""

    def __init__(self, place, token):
        super().__init__(daemon=True)
        self.events, self.ended = [], None
        request = urllib.request.Request(place.url + "/events", headers={"Authorization": f"Bearer {token}", "Accept": "text/event-stream"})
        self.answer = urllib.request.urlopen(request, timeout=60)
        self.start()

    def run(self):
        with contextlib.suppress(OSError):
            for line in self.answer:
                if line.startswith(b"data: "):
                    self.events.append(json.loads(line[6:]))
        self.ended = time.perf_counter()


def moderation(place, reviewer):
    """Put out and banned: at once, on what is open, with all by which one was in; a key does one thing."""
    ana, bo, cem, mal, check = place.ana, place.bo, place.cem, place.mal, place.check
    ana.run("topics", "create", "ci")
    status, key, errors = ana.run("keys", "create", "ci", "--topic", "ci")
    key = key.strip()
    check("a key is made, alone on its line", status == 0 and key.startswith("cm_key_"), key[:7] + errors)

    def curl(method, path, body=None, base=place.url):
        words = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-X", method, "-H", "@-", base + path]
        if body:
            words += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
        return subprocess.run(words, input=f"Authorization: Bearer {key}", capture_output=True, text=True).stdout

    build = {"to": "#ci", "body": "Build 4711 is green", "client_id": "4711"}
    check("curl posts a build's end to #ci", (curl("POST", "/messages", build), curl("POST", "/messages", build)) == ("201", "200"))
    check("it is there once", [m["body"] for m in bo.api("GET", "/messages?topic=ci")["messages"]] == ["Build 4711 is green"])
    for to in ("#general", "bo", "@all", "ana/api"):
        check(f"not to {to}", curl("POST", "/messages", {"to": to, "body": "x", "client_id": "x"}) == "403")
    for method, path in [("GET", "/members"), ("GET", "/sessions"), ("GET", "/topics"), ("GET", "/keys"), ("GET", "/grants"),
                         ("GET", ""), ("DELETE", ""), ("GET", "/messages?topic=ci"), ("GET", "/notifications"), ("DELETE", "/topics/ci")]:
        check(f"nor {method} {path or 'the mesh'}", curl(method, path) == "403")
    check("nor anything outside", curl("GET", "/api/my/meshes", base=place.base) == "401")

    place.says(ana, ["kick", "bo/reviewer"], 0, "bo/reviewer")
    status, body = refused(reviewer.api, "GET", "/messages")
    check("kicked: 403 in words", (status, body["error"]) == (403, "kicked") and body["message"].startswith("Put out of Planning by Ana."), body)
    check("and its token stays over", refused(bo.api, "POST", "/sessions", reviewer.body)[0] == 403)
    check("a launch is let in", Session(bo, "reviewer").address == "bo/reviewer")

    cems = Stream(place, cem.session)
    unseen = cem.api("POST", "/messages", {"to": "ana", "body": "unseen of Cem's", "client_id": "u"})
    place.says(ana, ["ban", "cem"], 0, "Cem")
    done = time.perf_counter()
    cems.join(5)
    check(f"a ban ends an open stream within a second ({(cems.ended or 0) - done:+.2f} s after the command)",
          cems.ended is not None and cems.ended - done < 1, (done, cems.ended))
    check("with its reason", cems.events and cems.events[-1] == {"type": "ended", "reason": "banned"}, cems.events[-1:])
    check("what nobody saw of theirs is withdrawn", "unseen of Cem's" not in ana.waiting(), unseen)
    check("nothing of the mesh is theirs", refused(cem.api, "GET", "/messages")[0] in (403, 404))
    place.says(cem, ["join", ana.api("POST", "/invites", {})["code"]], 7, "You are banned from Planning.")
    place.says(cem, ["join", ana.api("POST", "/invites", {})["code"]], 7, "Tienes vetada la entrada en Planning.", language="es")
    # Who made a key leaves nothing behind by it.
    invite = ana.api("POST", "/invites", {"role": "admin", "max_uses": 1})["code"]
    eve = Person(place, "Eve")
    eve.run("join", invite)
    status, key, errors = eve.run("keys", "create", "hers", "--topic", "ci")
    key = key.strip()
    check("an admin's key works", curl("POST", "/messages", {**build, "client_id": "eve"}) == "201", errors)
    place.says(ana, ["ban", "eve"], 0, "Eve")
    check("banned, her keys are dead", curl("POST", "/messages", {**build, "client_id": "eve2"}) == "401")
    place.says(ana, ["bans"], 0, "Eve")
    place.says(ana, ["unban", "eve"], 0, "Eve")
    check("and stay so", curl("POST", "/messages", {**build, "client_id": "eve3"}) == "401")


def restored(place, site):
    """A database that was put back: whoever reads by a cursor begins anew."""
    ana, bo, check = place.ana, place.bo, place.check
    copy = os.path.join(site.home.name, "copy.sqlite")
    cursor = bo.api("GET", "/events")["cursor"]
    subprocess.run([place.binary, "serve", "backup", copy, "--database", site.database], check=True, capture_output=True)
    ana.run("send", "bo", "Said after the copy")
    late = bo.api("GET", "/events")["cursor"]
    site.stop()
    made = subprocess.run(
        [place.binary, "serve", "restore", copy, "--database", site.database], capture_output=True, text=True)
    check("it is put back", made.returncode == 0, made.stdout + made.stderr)
    site.start()
    for name, place_of in (("from before the copy", cursor), ("from after it", late)):
        page = bo.api("GET", f"/events?after={place_of}")
        check(f"a reader {name} begins anew", page.get("reset") is True and not page["events"], page)
    ana.run("send", "bo", "Said after all")
    page = bo.api("GET", f"/events?after={page['cursor']}")
    check("and goes on", [e["message"]["body"] for e in page["events"] if e["type"] == "message"] == ["Said after all"], page)


def people(options, check):
    with server(options.binary) as site:
        place = Place(options.binary, site, check)
        api, _, reviewer = addresses(place)
        reviewer = away(place, reviewer)
        receipts(place, api, reviewer)
        contact(place)
        moderation(place, reviewer)
        restored(place, site)
