// Styles by constructed sheets: a page whose policy forbids inline styles allows these.
let root: ShadowRoot | null = null

/** Adds a sheet to the chat. Late parts bring theirs along. */
export function addStyle(css: string): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  if (root) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}

export function styleRoot(given: ShadowRoot): void {
  root = given
}
