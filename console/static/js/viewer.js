// Pictures in full: one at a time, with the arrow keys through all of the page.

const box = document.getElementById("viewer");
const picture = box?.querySelector("[data-viewer-image]");
let shown = [];
let index = 0;

function show(at) {
  index = (at + shown.length) % shown.length;
  const link = shown[index];
  picture.src = link.getAttribute("href");
  picture.alt = link.dataset.name;
  box.querySelector("[data-viewer-name]").textContent = `${link.dataset.name}（${index + 1}/${shown.length}）`;
  box.querySelector("[data-viewer-download]").href = link.dataset.original;
  box.classList.toggle("single", shown.length < 2);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-picture]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const group = link.closest(".bubbles, .gallery");
  shown = [...group.querySelectorAll("a[data-picture]")];
  show(shown.indexOf(link));
  box.showModal();
});

box?.addEventListener("click", (event) => {
  if (event.target.closest("[data-viewer-previous]")) show(index - 1);
  else if (event.target.closest("[data-viewer-next]")) show(index + 1);
  else if (event.target === box) box.close();
});
box?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") show(index - 1);
  if (event.key === "ArrowRight") show(index + 1);
});
box?.addEventListener("close", () => { picture.removeAttribute("src"); });
