/** The process that everything is shown of; '' = all. */
export class Choice {
  who = '';
  private readonly listeners: (() => void)[] = [];

  set(who: string): void {
    this.who = who;
    for (const listener of this.listeners) listener();
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  holds(who: string): boolean {
    return this.who === '' || who === this.who;
  }
}
