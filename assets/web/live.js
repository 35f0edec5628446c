// Keeps a mesh's page as the mesh is now: when something happens there, the parts marked `data-part` are taken anew from the
// server, which alone writes them. What is being typed is left alone. What is on the screen while the window has the focus is
// said to be read.
const mesh = document.querySelector("[data-events]");
if (mesh && window.EventSource) {
    let timer, isBusy = false, isStale = false, told = "";

    const tell = async () => {
        const form = document.querySelector("#seen");
        if (!form || !document.hasFocus()) return;
        const fields = new URLSearchParams(new FormData(form)).toString();
        if (fields === told) return;
        told = fields;
        await fetch(form.action, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
    };

    const renew = async () => {
        if (isBusy) {
            isStale = true;
            return;
        }
        isBusy = true;
        try {
            const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
            if (answer.redirected || !answer.ok) return location.reload();
            const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
            for (const part of document.querySelectorAll("[data-part]")) {
                const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
                if (next && next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes);
            }
            await tell();
        } finally {
            isBusy = false;
        }
        if (isStale) {
            isStale = false;
            soon();
        }
    };

    const soon = () => {
        clearTimeout(timer);
        timer = setTimeout(renew, 50);
    };

    const source = new EventSource(mesh.dataset.events);
    for (const type of ["message", "held", "withdrawn", "receipt", "peer", "topic", "member", "reset"]) {
        source.addEventListener(type, soon);
    }
    source.addEventListener("ended", () => {
        source.close();
        location.reload();
    });
    // A decision about a first message, without losing what is being typed.
    mesh.addEventListener("submit", async event => {
        if (!event.target.matches("[data-live]")) return;
        event.preventDefault();
        const body = new URLSearchParams(new FormData(event.target, event.submitter));
        try {
            const answer = await fetch(event.target.action, { method: "POST", body, headers: { Accept: "text/html" } });
            if (!answer.ok) return location.reload();
            history.replaceState(null, "", answer.url);
            await renew();
            document.querySelector("[data-live] button, #body").focus();
        } catch {
            location.reload();
        }
    });
    let isFirst = true;
    source.addEventListener("open", () => {
        if (!isFirst) soon();
        isFirst = false;
    });
    window.addEventListener("focus", tell);
    tell();
}
