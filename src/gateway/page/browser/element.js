/**
 * Makes an element. Texts become text, never markup: names and commands are written by others.
 *
 * @param {string} selector `li.card` and the like: a tag and classes
 * @param {Record<string, string | boolean | number | undefined>} attributes
 * @param {(Node | string | undefined | false)[]} children
 */
export function element(selector, attributes = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const made = document.createElement(tag);
  made.classList.add(...classes);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== undefined && value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/**
 * Shows a list of items by their keys. What is there already stays the same element, so that focus, scrolling and what was opened stay too.
 *
 * @template T
 * @param {HTMLElement} list
 * @param {{ items: readonly T[], keyOf: (item: T) => string, make: (item: T) => HTMLElement, update?: (made: HTMLElement, item: T) => void }} options
 */
export function showList(list, { items, keyOf, make, update }) {
  const former = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let before = list.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const known = former.get(key);
    former.delete(key);
    const made = known ?? make(item);
    made.dataset.key = key;
    update?.(made, item);
    if (made === before) before = before.nextElementSibling;
    else list.insertBefore(made, before);
  }
  for (const gone of former.values()) gone.remove();
}

/** Replaces what is in an element if that has changed, by its text. */
export function fill(parent, ...children) {
  const next = element("div", {}, ...children);
  if (next.innerHTML === parent.dataset.shown) return;
  parent.dataset.shown = next.innerHTML;
  parent.replaceChildren(...next.childNodes);
}
