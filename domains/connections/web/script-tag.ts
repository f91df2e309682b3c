/** The one line that brings a chat into a page. */
export function scriptTag(origin: string, publicKey: string): string {
  return `<script async src="${loaderUrl(origin)}" data-key="${publicKey}"></script>`
}

export function loaderUrl(origin: string): string {
  return `${origin}/widget/v1/loader.js`
}
