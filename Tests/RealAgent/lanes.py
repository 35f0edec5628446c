"""What a message meets on its way into Claude Code: a question that is open, settings that keep it out, no hooks, older versions,
a text that is cut; and the commands of the session's own shell."""
import json, os, signal
from loopback import call
from mesh import heard, pair, said, send, sent_by, states


def session_of(person):
    return (person.call("daemon", "status", check=False).get("sessions") or [{}])[0]


def peer(place, person, name):
    url = f"{place.server.base}/api/my/meshes/{place.mesh['id']}/sessions"
    return next((p for p in call("GET", url, token=person.token)["peers"] if p["handle"] == name), {})


def permission(place, check):
    """A permission question is open: nothing comes, nothing is answered; then it comes in the same turn. Esc ends a turn."""
    ada, bo, api, docs = pair(place, check)
    docs.say('%tool Bash {"command":"touch /tmp/never-$RANDOM","description":"x"}')
    check("Claude Code asks", bool(docs.until(docs.draws("Do you want to proceed"), 20, [api])), docs.text()[-800:])
    check("its mesh knows for what", bool(docs.until(
        lambda: (lambda p: p.get("status") == "asking" and p.get("asks") == "Bash")(peer(place, bo, "docs")), 10, [api])))
    message = send(place, ada, "bo/docs", "while you are asked")["id"]
    check("it is handed", bool(docs.until(lambda: "handed" in states(place, ada, message).values(), 10, [api])))
    docs.until(lambda: False, 3, [api])
    check("and not seen", not bo.stub.asked("while you are asked"))
    docs.type("\r")
    check("it comes behind the answer", bool(docs.until(lambda: bo.stub.asked("while you are asked"), 20, [api])))
    docs.until(lambda: False, 1, [api])
    docs.say("%slow 60")
    docs.until(lambda: peer(place, bo, "docs").get("status") == "working", 10, [api])
    docs.type("\x1b")
    check("after an Esc it is idle, by Claude Code's registry", bool(docs.until(
        lambda: peer(place, bo, "docs").get("status") == "idle", 20, [api])), peer(place, bo, "docs"))
    send(place, ada, "bo/docs", "after an Esc")
    check("and wakes", bool(docs.until(lambda: bo.stub.asked("after an Esc"), 20, [api])))


def kept_out(place, check, settings, lane="inbox"):
    ada, bo, api, docs = pair(place, check, settings=settings)
    message = send(place, ada, "bo/docs", "behind a closed door")["id"]
    check("it is handed", bool(docs.until(lambda: "handed" in states(place, ada, message).values(), 20, [api])))
    return ada, bo, api, docs, message


def hold(place, check):
    """A person's own `crossSessionInbound: hold` is kept: told of by a notice, given by `inbox`, and truly said."""
    ada, bo, api, docs, message = kept_out(place, check, {"crossSessionInbound": "hold"})
    docs.until(lambda: False, 6, [api])
    check("and not seen", "seen" not in states(place, ada, message).values())
    docs.say("%tool mcp__claudemesh__inbox {}")
    check("a notice tells of it", bool(docs.until(lambda: bo.stub.asked("1 message waits in planning"), 10, [api])))
    docs.until(lambda: bo.stub.asked("| behind a closed door"), 10, [api])
    docs.say("go on")
    check("what inbox gave is seen", bool(docs.until(lambda: "seen" in states(place, ada, message).values(), 10, [api])))
    check("once", heard(bo).count("| behind a closed door") == 1)


def nohooks(place, check):
    """Hooks are off: it still wakes, stays `given`, and `inbox` says that it may have been shown."""
    ada, bo, api, docs, message = kept_out(place, check, {"disableAllHooks": True})
    check("it wakes", bool(docs.until(lambda: bo.stub.asked("behind a closed door"), 20, [api])))
    docs.until(lambda: False, 2, [api])
    check("nobody calls it seen", "seen" not in states(place, ada, message).values(), states(place, ada, message))
    docs.say("%tool mcp__claudemesh__inbox {}")
    check("inbox marks it", bool(docs.until(lambda: bo.stub.asked("Perhaps shown before"), 10, [api])))


def bare(place, check):
    """--bare: no hooks, no inbox; its mesh knows, nothing wakes it, the tools give what waits."""
    ada, bo = place.person("Ada"), place.person("Bo")
    docs = place.launched(bo, "docs", flags=("--permission-mode", "manual", "--bare"))
    check("the mesh knows that it takes what it looks for", bool(docs.until(
        lambda: peer(place, bo, "docs").get("receives") == "look", 10)), peer(place, bo, "docs"))
    message = send(place, ada, "bo/docs", "for when you look")["id"]
    docs.until(lambda: "fetched" in states(place, ada, message).values(), 10)
    docs.until(lambda: False, 2)
    check("nothing wakes it", not bo.stub.asked("for when you look"))
    docs.say("%tool mcp__claudemesh__inbox {}")
    check("inbox gives it", bool(docs.until(lambda: bo.stub.asked("| for when you look"), 10)), docs.text()[-500:])
    docs.say("%tool mcp__claudemesh__status {}")
    check("status says so", bool(docs.until(lambda: bo.stub.asked("Nothing wakes you"), 10)))
    check("and what was given is seen", bool(docs.until(lambda: "seen" in states(place, ada, message).values(), 10)))


def former(place, check):
    """Versions without an inbox (--former PATH): not woken, told of at the next turn, and the launch says so."""
    if not place.options.former:
        return print("     skipped: name older ones by --former")
    ada = place.person("Ada")
    for claude in place.options.former:
        bo = place.person(f"Bo{place.options.former.index(claude)}")
        bo.claude = claude
        docs = place.launched(bo, "docs")
        name = bo.name.lower()
        check(f"{os.path.dirname(claude)[-40:]}: takes them at its turns", bool(docs.until(
            lambda: [p for p in call("GET", f"{place.server.base}/api/my/meshes/{place.mesh['id']}/sessions",
                                     token=bo.token)["peers"] if p["self"] and p["receives"] == "turn"], 10)))
        send(place, ada, f"{name}/docs", "for your next turn")
        docs.until(lambda: False, 2)
        check("nothing wakes it", not bo.stub.asked("1 message waits"))
        docs.say("%tool mcp__claudemesh__inbox {}")
        check("a notice tells of it", bool(docs.until(lambda: bo.stub.asked("1 message waits in planning"), 15)), docs.text()[-500:])
        check("inbox gives it", bool(docs.until(lambda: bo.stub.asked("| for your next turn"), 10)))
        docs.say("/exit")
        check("it ends with 0", bool(docs.until(docs.ended)) and docs.status == 0, docs.status)


def long(place, check):
    """An answer of 64 KiB: what comes is cut, and `read` gives it whole."""
    ada, bo, api, docs = pair(place, check)
    text = "begin " + "0123456789abcdef" * 4090 + " end"
    docs.say(f'%tool mcp__claudemesh__send {{"to":"ada/api","text":"?file"}}')
    docs.until(lambda: ada.stub.asked("?file"), 20, [api])
    long_one = send(place, bo, "ada/api", text)["id"]
    check("it wakes, cut", bool(api.until(lambda: ada.stub.asked("for the rest"), 20, [docs])))
    check("the cut one is not seen", "seen" not in states(place, bo, long_one).values())
    api.say(f'%tool mcp__claudemesh__read {{"message_id":"{long_one}"}}')
    check("read gives it whole", bool(api.until(lambda: ada.stub.asked("cdef end"), 20, [docs])))
    api.say("go on")
    check("then it is seen", bool(api.until(lambda: "seen" in states(place, bo, long_one).values(), 10, [docs])))


def commands(place, check):
    """In the session's shell every command is the session, whatever its variables say, and in its turn's chain."""
    ada, bo = place.person("Ada"), place.person("Bo")
    api = place.launched(ada, "api", flags=("--permission-mode", "manual", "--allowedTools=Bash"))
    docs = place.launched(bo, "docs", flags=("--permission-mode", "manual", "--allowedTools=Bash"))
    place.followed(ada, api), place.followed(bo, docs)
    bare = f"env -i HOME={ada.home} PATH=/usr/bin:/bin LANG=C.UTF-8 CLAUDEMESH_CONFIG_DIR={ada.home}/.claudemesh {ada.binary}"

    def shell(words, expected):
        api.say('%tool Bash {"command":' + json.dumps(words + '; echo "ended $?"') + ',"description":"x"}')
        return bool(api.until(lambda: ada.stub.asked(expected), 40, [docs]))
    check("a shell without variables sends", shell(f"{bare} send bo/docs 'from a shell'", "ended 0"))
    message = sent_by(place, ada, "from a shell")
    check("as the session", bool(message) and message["from"]["kind"] == "peer" and message["from"]["address"] == "ada/api", message)
    check("--token does not count", shell(
        f"{bare} send bo/docs 'by a token' --token cm_pat_{'a' * 40}; echo token gave $?", "token gave 0"))
    message = sent_by(place, ada, "by a token")
    check("nor does a sign-in", bool(message) and message["from"]["kind"] == "peer", message)
    check("attention is narrowed", shell(f"{bare} attention quiet", "ended 0"))
    for words in ("contacts", "allow bo", "block bo", "grant bo", "revoke bo", "keys list", "keys create ci", "kick docs",
                  "disconnect docs", "ban bo", "bans", "watch --plain", "send @all hi --wake"):
        name = words.replace(" ", "-")
        check(f"{words} is a person's alone", shell(f"{bare} {words}; echo {name} gave $?", f"{name} gave 7"),
              api.text()[-300:])
    check("and opened again", shell(f"{bare} attention open; echo open gave $?", "open gave 0"))
    send(place, bo, "ada/api", f"?shell {bare} send bo/docs 'because of that'")
    # The question has these words in it.
    because = lambda: next((m for m in said(place, ada) if m["body"] == "because of that"), None)
    check("what is sent because of a message", bool(api.until(because, 30, [docs])))
    message = because()
    check("goes on with its chain", bool(message) and message["hop"] == 1 and message["from"]["kind"] == "peer", message)
    for pid in ada.processes(b"mcp") + ada.daemons():
        os.kill(pid, signal.SIGKILL)
    check("with daemon and tools gone a deed is a person's still", shell(f"{bare} contacts; echo alone gave $?", "alone gave 7"))
    elsewhere = bare.replace(f"CLAUDEMESH_CONFIG_DIR={ada.home}/.claudemesh", f"CLAUDEMESH_CONFIG_DIR={ada.home}/other")
    for pid in ada.daemons():
        os.kill(pid, signal.SIGKILL)
    check("and by another configuration", shell(f"{elsewhere} contacts; echo elsewhere gave $?", "elsewhere gave 7"))
    check("which starts no other daemon", not os.path.exists(f"{ada.home}/other/daemon"))
    check("what is said so is the session's", shell(f"{elsewhere} send bo/docs 'by another way'; echo other gave $?", "other gave 0"))
    message = sent_by(place, ada, "by another way")
    check("by its own token", bool(message) and message["from"]["kind"] == "peer", message)
    place.server.stop()
    check("offline it waits here and says so", shell(f"{bare} send bo/docs 'sent later'; echo later gave $?", "later gave 0"),
          api.text()[-600:])
    check("in words", bool(ada.stub.asked("waits here and goes by itself")))
    place.server.start()
    check("and goes by itself", bool(api.until(lambda: sent_by(place, ada, "sent later"), 60, [docs])))


ALL = {"permission": permission, "hold": hold, "nohooks": nohooks, "bare": bare, "former": former, "long": long,
       "commands": commands}
