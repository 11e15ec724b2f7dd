/** Text of a script or style that travels inside an exported file: build/bundle/pages.mjs. */
declare module 'page:*' {
  const text: string;
  export default text;
}
