/** Recipes are bundled as their text. */
declare module '*.toml' {
  const text: string
  export default text
}
