const svg = "http://www.w3.org/2000/svg";

/** Shows of the picture what there is to count: without the frame of the whole machine, and what is said of that. */
export function cropDiagram(picture) {
  for (const part of picture.querySelectorAll(".page, .group")) part.remove();
  const { x, y, width, height } = picture.getBBox();
  const margin = 16;
  const box = [x - margin, y - margin, width + 2 * margin, height + 2 * margin];
  picture.setAttribute("viewBox", box.map(Math.round).join(" "));
  picture.removeAttribute("width");
  picture.removeAttribute("height");
}

/** Shows on the picture how many sessions are in each state: on the state itself, and on the card around it. */
export function showOnDiagram(picture, counts) {
  picture.querySelector(".counts")?.remove();
  for (const marked of picture.querySelectorAll(".here")) marked.classList.remove("here");
  const layer = picture.appendChild(document.createElementNS(svg, "g"));
  layer.classList.add("counts");
  const onCards = new Map();
  for (const [state, count] of counts) {
    const place = placeOf(picture, state);
    if (place === undefined) continue;
    place.classList.add("here");
    const card = place.closest(".card") ?? place;
    card.classList.add("here");
    onCards.set(card, (onCards.get(card) ?? 0) + count);
    if (card !== place) layer.append(badge(place, count, "small"));
  }
  for (const [card, count] of onCards) layer.append(badge(card.querySelector("rect"), count, "large"));
}

/** The element of a state, or of the nearest one around it that the picture has. */
function placeOf(picture, state) {
  for (let path = state; path !== ""; path = path.slice(0, Math.max(0, path.lastIndexOf(".")))) {
    const found = picture.querySelector(`[data-state="${CSS.escape(path)}"]`);
    if (found !== null) return found;
  }
  return undefined;
}

/** At the upper right corner of a frame, beside what stands in it. */
function badge(frame, count, size) {
  const text = String(count);
  const height = size === "large" ? 28 : 17;
  const width = Math.max(height, text.length * height * 0.45 + height * 0.5);
  const right = Number(frame.getAttribute("x")) + Number(frame.getAttribute("width"));
  const top = Number(frame.getAttribute("y"));
  const group = document.createElementNS(svg, "g");
  group.classList.add("count", size);
  const x = size === "large" ? right - width / 2 : right - 6;
  const y = size === "large" ? top - height / 2 : top - 9;
  const pill = group.appendChild(document.createElementNS(svg, "rect"));
  for (const [name, value] of Object.entries({ x, y, width, height, rx: height / 2 })) pill.setAttribute(name, value);
  const label = group.appendChild(document.createElementNS(svg, "text"));
  label.setAttribute("x", x + width / 2);
  label.setAttribute("y", y + height / 2);
  label.textContent = text;
  return group;
}
