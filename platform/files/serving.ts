// How a stored file leaves the house: as something that a browser keeps or draws, never as something that it runs in our name.

/** What is known about a file when it is served. */
export interface ServedFile {
  sha256: string
  /** Bytes. */
  size: number
  type: string
  name: string
  /** Whether the bytes served were written by our own encoder. */
  reencoded: boolean
}

const shownInPlace = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif'])

/**
 * Headers for the bytes of a file. Only pictures that were written anew are shown in place; everything else is saved.
 * The content never changes under its hash, so browsers may keep it for ever, and nobody between may.
 */
export function servingHeaders(file: ServedFile): Record<string, string> {
  const inPlace = file.reencoded && shownInPlace.has(file.type)
  return {
    'content-type': inPlace ? file.type : inertType(file.type),
    'content-length': String(file.size),
    'content-disposition': contentDisposition(inPlace ? 'inline' : 'attachment', file.name),
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, max-age=31536000, immutable',
    'referrer-policy': 'no-referrer',
    etag: `"${file.sha256}"`,
  }
}

/** RFC 6266 and 5987: a plain name for old programs, the real one in UTF-8. */
export function contentDisposition(how: 'inline' | 'attachment', name: string): string {
  const wellFormed = name.toWellFormed()
  const plain = wellFormed.replace(/[^ -~]|["\\%;]/g, '_')
  const encoded = encodeURIComponent(wellFormed).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${how}; filename="${plain}"; filename*=UTF-8''${encoded}`
}

/** Players and readers may know what they get; anything a browser could take for a page or a program is plain bytes. */
function inertType(type: string): string {
  if (type === 'text/plain') return 'text/plain; charset=utf-8'
  if (type === 'application/pdf' || /^(?:audio|video)\/[a-z0-9.+-]+$/.test(type)) return type
  return 'application/octet-stream'
}
