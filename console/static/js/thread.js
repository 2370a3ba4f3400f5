// The messages of the open conversation: kept in step with the server's, without losing place or selection.

const known = new WeakMap();

/** Puts the fragment's bubbles into the list; what is equal stays untouched. Returns how many are new at the end. */
export function merge(box, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const wanted = [...fresh.content.querySelectorAll(".bubbles > li")];
  const list = box.querySelector(".bubbles");
  const there = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const first = wanted.map((item) => there.get(item.dataset.key)).find(Boolean);
  if (!first && list.children.length) {
    list.replaceChildren(...wanted);
    const button = fresh.content.querySelector(".earlier");
    box.querySelector(".earlier")?.remove();
    if (button) box.prepend(button);
    return wanted.length;
  }
  const keys = new Set(wanted.map((item) => item.dataset.key));
  let place = first ?? null;
  while (place) {
    const next = place.nextElementSibling;
    if (!keys.has(place.dataset.key)) place.remove();
    place = next;
  }
  let last = null;
  let added = 0;
  for (const item of wanted) {
    const source = item.outerHTML;
    const old = there.get(item.dataset.key);
    if (!old) {
      if (last) last.after(item); else list.prepend(item);
      known.set(item, source);
      last = item;
      added += item.dataset.role === "message" ? 1 : 0;
    } else if ((known.get(old) ?? old.outerHTML) !== source && !isPlaying(old)) {
      old.replaceWith(item);
      known.set(item, source);
      last = item;
    } else {
      last = old;
    }
  }
  return added;
}

/** Puts older bubbles in front, keeping what is being read where it is. */
export function prepend(box, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const list = box.querySelector(".bubbles");
  const there = new Set([...list.children].map((item) => item.dataset.key));
  const older = [...fresh.content.querySelectorAll(".bubbles > li")];
  const fromEnd = box.scrollHeight - box.scrollTop;
  for (const item of older) {
    if (!there.has(item.dataset.key)) continue;
    list.querySelector(`[data-key="${item.dataset.key}"]`).remove(); // the day's heading moves up
  }
  list.prepend(...older);
  box.querySelector(".earlier")?.remove();
  const button = fresh.content.querySelector(".earlier");
  if (button) box.prepend(button);
  box.scrollTop = box.scrollHeight - fromEnd;
}

function isPlaying(item) {
  return [...item.querySelectorAll("audio, video")].some((player) => !player.paused);
}

export function isAtEnd(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

export function toEnd(box) {
  box.scrollTop = box.scrollHeight;
}
