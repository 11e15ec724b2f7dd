/** The same number for the same text, by the order in which texts first come: nothing of a text is in its number. */
export class Numbers {
  private readonly known = new Map<string, number>();

  of(text: string): number {
    let number = this.known.get(text);
    if (number === undefined) this.known.set(text, (number = this.known.size + 1));
    return number;
  }
}
