/**
 * Building DOM from data. Text always becomes a text node: nothing a chat partner writes is ever parsed as HTML.
 */

const IMAGES = "/playground/static/img";
const SPRITES = ["icons", "stickers"];
const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with attributes and children. `on` holds listeners, `data` the dataset; `null`, `false` and
 * `undefined` attributes and children are left out, `true` is an empty attribute.
 * @returns {HTMLElement}
 */
export function h(tag, { on = {}, data = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [name, value] of Object.entries(data)) {
    if (value !== null && value !== undefined) element.dataset[name] = String(value);
  }
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Copies the drawings into the page, so that what is drawn while the server is away (a message that did not go out)
 * still has its icons. Must be done before the first `icon`.
 */
export async function loadDrawings() {
  const files = await Promise.all(SPRITES.map(async (name) => (await fetch(`${IMAGES}/${name}.svg`)).text()));
  const holder = document.createElementNS(SVG, "svg");
  holder.setAttribute("hidden", "");
  for (const file of files) {
    const drawn = new DOMParser().parseFromString(file, "image/svg+xml");
    holder.append(...drawn.querySelectorAll("symbol"));
  }
  document.body.append(holder);
}

/** A decorative symbol of icons.svg or stickers.svg; the words for it belong on the control that carries it. */
export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

/** The element with this `data-role` inside `root`, or null. */
export function role(root, name) {
  return root.querySelector(`[data-role="${name}"]`);
}

const LINK = /https?:\/\/[^\s<>"'，。；！？、）】」》]+/g;

/** `text` as nodes, with web addresses as links that open apart from the page. */
export function linkified(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    nodes.push(text.slice(from, match.index));
    nodes.push(h("a", { href: match[0], target: "_blank", rel: "noopener noreferrer" }, match[0]));
    from = match.index + match[0].length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}
