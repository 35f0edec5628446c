// Puts a copy button behind each text that may be copied (`data-copy`, its words; `data-copied`, those for when it is done).
// Made here, since a text browser shows a hidden one; without a clipboard there is none, and the text can be selected.
for (const text of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = text.dataset.copy;
    button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = text.dataset.copied;
    });
    text.after(" ", button);
}
