// A word at the edge of the screen, gone after a while.

const place = document.querySelector("[data-toasts]");

export function toast(message, kind = "told") {
  if (!message) return;
  const note = document.createElement("p");
  note.className = `toast ${kind}`;
  note.textContent = message;
  place.append(note);
  setTimeout(() => note.remove(), kind === "wrong" ? 8000 : 4000);
  while (place.children.length > 3) place.firstChild.remove();
}
