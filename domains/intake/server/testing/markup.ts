// What of a document for the mail frame could run, load or send. The document is read by the strictest grammar there is: only
// what our own writer may have written passes, so that no browser's forgiving way of reading matters.

const TAG = /^<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"<>]*")?)*)>/
const ATTRIBUTE = / ([a-z-]+)(?:="([^"<>]*)")?/g
const HARMLESS = new Set(
  (
    'a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn dir ' +
    'div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark menu nav ol p pre q s ' +
    'samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr'
  ).split(' '),
)

/** Each finding in a few words; none where the document only shows. `shown`: somebody asked for pictures from elsewhere. */
export function runningPartsOf(document: string, images: 'blocked' | 'shown'): string[] {
  const frame = /^<!doctype html><html><head>((?:<meta [^<>]*>)+)<style>([^<]*)<\/style><\/head><body([^<>]*)>/.exec(
    document,
  )
  if (!frame || !document.endsWith('</body></html>')) return [`no frame: ${document.slice(0, 200)}`]
  const [begin, metas = '', sheet = '', bodyAttributes = ''] = frame
  const found = [...policyFindings(metas, images), ...styleFindings(sheet, images)]
  found.push(...attributeFindings('body', bodyAttributes, images))
  let rest = document.slice(begin.length, -'</body></html>'.length)
  while (rest !== '') {
    const words = /^[^<>]+/.exec(rest)?.[0]
    if (words !== undefined) {
      rest = rest.slice(words.length)
      continue
    }
    const tag = TAG.exec(rest)
    if (!tag) return [...found, `no tag of ours: ${rest.slice(0, 100)}`]
    const [whole, closes, name = '', attributes = ''] = tag
    if (!HARMLESS.has(name)) found.push(`<${name}>`)
    if (closes === '') found.push(...attributeFindings(name, attributes, images))
    rest = rest.slice(whole.length)
  }
  return found
}

function policyFindings(metas: string, images: 'blocked' | 'shown'): string[] {
  const policy =
    /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(metas)?.[1]?.replaceAll('&#39;', "'") ?? ''
  const found = []
  if (!policy.includes("default-src 'none'")) found.push(`policy: ${policy}`)
  if (/script-src|object-src|connect-src|frame-src/.test(policy)) found.push(`policy allows more: ${policy}`)
  if (images === 'blocked' && /https?:/.test(policy)) found.push(`policy loads: ${policy}`)
  if (/http-equiv="refresh"/i.test(metas)) found.push('refresh')
  return found
}

function attributeFindings(tag: string, written: string, images: 'blocked' | 'shown'): string[] {
  return [...written.matchAll(ATTRIBUTE)].flatMap(([, name = '', value = '']) => {
    const plain = unescaped(value)
    const what = `<${tag} ${name}="${plain.slice(0, 100)}">`
    if (name.startsWith('on')) return [what]
    if (name === 'style') return styleFindings(plain, images)
    if (name === 'href') return /^(?:https?:|mailto:|tel:|#)/i.test(plain) ? [] : [what]
    if (name === 'src') {
      const fine = plain.startsWith('data:image/') || (images === 'shown' && /^https?:\/\//.test(plain))
      return fine || plain === '' ? [] : [what]
    }
    return ['action', 'background', 'data', 'formaction', 'ping', 'poster', 'srcdoc', 'srcset', 'xlink'].includes(name)
      ? [what]
      : []
  })
}

function styleFindings(style: string, images: 'blocked' | 'shown'): string[] {
  const addresses = [...style.matchAll(/url\(\s*["']?([^"')]*)/gi)].map(([, address = '']) => address)
  const loads = addresses.filter(
    (one) => !one.startsWith('data:image/') && !(images === 'shown' && /^https?:\/\//.test(one)),
  )
  const runs = /expression\s*\(|-moz-binding|behavior\s*:|javascript:|@import|\\/i.exec(style)
  return [...loads.map((one) => `url(${one.slice(0, 100)})`), ...(runs ? [`style: ${runs[0]}`] : [])]
}

const unescaped = (value: string): string =>
  value
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
