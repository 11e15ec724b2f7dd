/** Another view of the same selection: one click away, with the same range and filter. */
export interface OtherView {
  readonly title: string;
  readonly show: () => void;
}
