const namespace = 'http://www.w3.org/2000/svg';

/** An element of the page, by its id. */
export function element<T extends Element = HTMLElement>(id: string): T {
  const found = document.querySelector<T>(`#${id}`);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}

/** A shape of a drawing. */
export function shape(name: string, attributes: Readonly<Record<string, string | number>>): Element {
  const made = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** The head of the arrows of a drawing, by its id. */
export function arrowHead(id: string): Element {
  const size = { refX: 7, refY: 4, markerWidth: 10, markerHeight: 10, markerUnits: 'userSpaceOnUse' };
  const marker = shape('marker', { id, viewBox: '0 0 8 8', orient: 'auto', ...size });
  marker.append(shape('path', { d: 'M0 0L8 4L0 8z', class: id }));
  return marker;
}

/** What did not change is not written again: the page would be laid out anew for nothing. */
export function write(one: Element, text: string): void {
  if (one.textContent !== text) one.textContent = text;
}

export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  text: string,
  ...inside: readonly Node[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.textContent = text;
  made.append(...inside);
  return made;
}

export function button(text: string, press: () => void): HTMLButtonElement {
  const made = make('button', text);
  made.type = 'button';
  made.addEventListener('click', press);
  return made;
}
