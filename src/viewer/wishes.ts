import { element } from './element.ts';

/** What the address of the page asks for (`?seed=7&peers=5`), and what the form that begins a run again says. */
export class Wishes {
  readonly #form = element<HTMLFormElement>('again');

  /** A whole number between the bounds of its field; the usual one where none is asked for. */
  number(name: string, usual: number): number {
    const field = this.#field(name);
    const wanted = Number(this.#asked(name) ?? usual);
    const number = Number.isInteger(wanted) ? Math.min(Number(field.max), Math.max(Number(field.min), wanted)) : usual;
    field.value = String(number);
    return number;
  }

  /** One of the choices of its field; the first where none of them is asked for. */
  choice<T extends string>(name: string, choices: readonly T[]): T {
    const found = choices.find((one) => one === this.#asked(name)) ?? choices[0]!;
    this.#field(name).value = found;
    return found;
  }

  /** Calls `begin` whenever the form is sent: the address then asks for what it says. */
  onAgain(begin: () => void): void {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const said = [...new FormData(this.#form)].map(([name, value]): [string, string] => [name, String(value)]);
      history.replaceState(undefined, '', `?${new URLSearchParams(said)}`);
      begin();
    });
  }

  #asked(name: string): string | null {
    return new URLSearchParams(location.search).get(name);
  }

  #field(name: string): HTMLInputElement {
    return this.#form.elements.namedItem(name) as HTMLInputElement;
  }
}
