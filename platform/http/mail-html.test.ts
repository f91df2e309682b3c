import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { htmlTokens } from './html-tokens.ts'
import { mailDocument } from './mail-html.ts'

const show = (html: string, images: 'blocked' | 'shown' = 'blocked') => mailDocument(html, { images })
const bodyOf = (html: string, images: 'blocked' | 'shown' = 'blocked') =>
  /<body[^>]*>([\s\S]*)<\/body>/.exec(show(html, images).html)![1]!

/** What of a document could act or fetch, by the tags that are really in it. */
function dangersIn(document: string): string[] {
  const dangers: string[] = []
  for (const token of htmlTokens(document)) {
    if (
      token.kind === 'raw' &&
      token.name === 'style' &&
      /[<\\]|@import|expression|javascript|-moz-binding|behavior/i.test(token.text)
    )
      dangers.push(`style: ${token.text}`)
    if (token.kind !== 'open') continue
    if (
      /^(?:script|iframe|object|embed|form|input|button|link|base|svg|math|template|frame|frameset|applet|video|audio|xml|portal|select|textarea|noscript|plaintext|xmp)$/.test(
        token.name,
      )
    )
      dangers.push(token.name)
    for (const [name, value] of token.attributes) {
      if (name.startsWith('on') || name === 'srcdoc' || name === 'formaction' || name === 'srcset' || name === 'ping')
        dangers.push(`${token.name} ${name}`)
      if (
        /^(?:href|src|background|action|xlink:href)$/.test(name) &&
        !/^(?:https?:\/\/|mailto:|tel:|#|data:image\/(?!svg))/.test(value)
      )
        dangers.push(`${name}=${value}`)
      if (name === 'style' && /expression|javascript|position|behavior|[<\\]/i.test(value))
        dangers.push(`style=${value}`)
      if (token.name === 'meta' && name === 'http-equiv' && !/^Content-Security-Policy$/.test(value))
        dangers.push(`meta ${value}`)
    }
  }
  return dangers
}

const hostile = [
  '<script>alert(1)</script>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img/src="x"/onerror=alert(1)>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<!--[if gte mso 9]><script>alert(1)</script><![endif]-->',
  '<![if !mso]><iframe src=javascript:alert(1)></iframe><![endif]>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!-- --!><img src=x onerror=alert(1)>',
  '<base href="https://evil.example/"><a href="/x">x</a>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<link rel=stylesheet href=https://evil.example/x.css><style>@import "https://evil.example/x.css";</style>',
  '<a href="jav&#x09;ascript:alert(1)">x</a><a href="&#1;javascript:alert(1)">y</a><a href="javascript&colon;alert(1)">z</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a><a href="vbscript:x">y</a>',
  '<img src="data:image/svg+xml;base64,PHN2Zz4="><img src="data:text/html;base64,PHA+">',
  '<div style="width: expression(alert(1)); background: url(javascript:alert(1)); behavior: url(x.htc)">x</div>',
  '<div style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999">over all</div>',
  '<div style="back\\67round:url(https://evil.example/p)">x</div>',
  '<style>p{}</style><style>*{x:expression(1)} a{background:url("https://evil.example/a")} </style/><script>1</script>',
  '<style>a{color:red}</sty<b>le><img src=x onerror=alert(1)></style>',
  '<table background="https://evil.example/p.gif"><td background=//evil.example/q.gif>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe><object data=x></object><embed src=x>',
  '<textarea><img src=x onerror=alert(1)></textarea><xmp><img src=x onerror=alert(1)></xmp><title><img src=x onerror=alert(1)></title>',
  '<plaintext><script>alert(1)</script>',
  '<a title="x" href="https://bank.example.evil.example/">https://bank.example</a>',
  '<p title="a&quot; onmouseover=&quot;alert(1)">x</p>',
  '<img srcset="https://evil.example/1x.png 1x" src="https://evil.example/p.png">',
  '<div style="background-image:image-set(url(https://evil.example/x) 1x)">',
]

describe('a stranger’s HTML', () => {
  test.each(hostile)('is shown without what acts: %s', (html) => {
    for (const images of ['blocked', 'shown'] as const) {
      const { html: document } = show(html, images)
      expect(dangersIn(document)).toEqual([])
      expect(dangersIn(document.replaceAll('&lt;', '<').length > 0 ? show(document, images).html : '')).toEqual([])
    }
    expect(show(html).html).not.toMatch(/(?:src|url\()="?https?:/)
  })

  test('stays harmless for anything at all, also when it is cleaned twice', () => {
    const piece = fc.oneof(
      fc.constantFrom(...hostile),
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '<!--',
        '-->',
        '</',
        '<style>',
        '</style>',
        '<table>',
        '<td',
        ' style="',
        'url(',
        '{',
        '}',
        '&lt;',
        '<svg>',
        '\0',
        '<a href=',
      ),
      fc.string({ maxLength: 12 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = show(pieces.join('')).html
        expect(dangersIn(once)).toEqual([])
        expect(dangersIn(show(once).html)).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })

  test('keeps words, structure, colours and tables', () => {
    expect(
      bodyOf('<p style="color: red; margin-top:4px">a <b>b</b><br>c</p><table cellpadding=3><tr><td colspan=2>d'),
    ).toBe(
      '<p style="color: red; margin-top: 4px">a <b>b</b><br>c</p><table cellpadding="3"><tr><td colspan="2">d</td></tr></table>',
    )
    const { html } = show(
      '<style>@media (max-width: 600px) { .a { color: #123 } } @font-face{x:y} .b > p { font-family: "A b", serif }</style>',
    )
    expect(html).toContain('@media (max-width: 600px) {\n.a { color: #123 }\n}')
    expect(html).toContain('.b > p { font-family: "A b", serif }')
    expect(html).not.toContain('font-face')
  })

  test('shows where links lead, whatever they say, and opens them elsewhere', () => {
    expect(bodyOf('<a title="https://bank.example" href="HTTP://EVIL.example/a b">https://bank.example</a>')).toBe(
      '<a href="http://evil.example/a%20b" title="http://evil.example/a%20b" target="_blank" rel="noopener noreferrer nofollow">https://bank.example</a>',
    )
    expect(bodyOf('<a href="/relative">x</a>')).toBe('<a>x</a>')
  })

  test('fetches nothing before somebody asks, and says how much that is', () => {
    const html =
      '<img src="https://a.example/1.png" alt="one"><td background="//a.example/2.png"><div style="background:url(https://a.example/3.png)">' +
      '<style>p{background-image:url(https://a.example/4.png)}</style><img src="cid:pic"><img src="data:image/png;base64,AAAA">'
    const blocked = mailDocument(html, { images: 'blocked', cid: new Map([['pic', 'https://files.example/x']]) })
    expect(blocked.blockedImages).toBe(4)
    expect(blocked.html).not.toContain('a.example')
    expect(blocked.html).toContain('src="https://files.example/x"')
    expect(blocked.html).toContain('img-src data: https://files.example;')
    const shown = mailDocument(html, { images: 'shown' })
    expect(shown.blockedImages).toBe(0)
    for (const name of ['1.png', '2.png', '3.png', '4.png']) expect(shown.html).toContain(`a.example/${name}`)
  })

  test('can’t close what stands around it', () => {
    expect(bodyOf('</body></html></div></p>x<table><tr><td></div>y</table>')).toBe(
      'x<table><tr><td>y</td></tr></table>',
    )
  })

  test.each([
    ['tags 100,000 deep', '<div>'.repeat(100_000)],
    ['half tags', '<a '.repeat(200_000)],
    ['half comments', '<!--'.repeat(200_000)],
    ['half styles', '<style>'.repeat(100_000)],
    ['open quotes', '<a b="'.repeat(100_000)],
    ['a sheet without end', `<style>${'a{b:c}'.repeat(100_000)}</style>`],
    ['open braces', `<style>${'a{'.repeat(200_000)}</style>`],
    ['half addresses', `<p style="${'background:url('.repeat(20_000)}">`],
    ['closing tags', `${'<b>'.repeat(300)}${'</i>'.repeat(200_000)}`],
    ['references', '&#x41;&amp'.repeat(200_000)],
    ['a picture whose address is blanks', `<img src="x${' '.repeat(200_000)}x">`],
    ['a link whose address is blanks', `<a href="x${' '.repeat(200_000)}x">`],
    ['values of one long word', `<p style="color: ${'한'.repeat(1_990)}">`.repeat(200)],
    ['values of blanks', `<style>${`a{color: x${' '.repeat(1_980)}x}`.repeat(200)}</style>`],
  ])('takes no longer than its length: %s', (_, html) => {
    const since = performance.now()
    show(html)
    expect(performance.now() - since).toBeLessThan(3_000)
  })
})

const corpus = join(fileURLToPath(new URL('../../', import.meta.url)), '..', 'shared', 'data', 'security')
const there = existsSync(corpus)
if (!there) console.info(`skipped: the corpus of hostile texts is not beside the repository (${corpus})`)

describe.skipIf(!there)('the hostile corpus', () => {
  test('comes out without anything that acts', () => {
    const read = (name: string) => readFileSync(join(corpus, name), 'utf8')
    const naughty = JSON.parse(read('naughty-strings.json')) as string[]
    const all = [
      ...naughty,
      ...read('xss-payloads.txt').split('\n'),
      ...read('html5-vectors.txt').split('\n'),
      read('html5-vectors.txt'),
    ]
    expect(all.length).toBeGreaterThan(6_000)
    const found = all.flatMap((text) =>
      [...dangersIn(show(text, 'shown').html), ...dangersIn(show(text).html)].map((danger) => ({ text, danger })),
    )
    expect(found).toEqual([])
  })
})

test.each([
  [
    'a table of a newsletter',
    '<table width="100%"><tr><td><table width="640"><tr><td>x</td></tr></table></td></tr></table>',
    640,
  ],
  ['a box by its style', '<div style="color: red; width: 600px">x</div>', 600],
  ['a least width', '<td style="min-width:700px">x</td>', 700],
  ['one that only says how wide it may get', '<div style="max-width: 600px">x</div>', 0],
  ['pictures, which shrink', '<img width="1200"><p>x</p>', 0],
  ['what was made for no mail', '<table width="4000"><tr><td>x</td></tr></table>', 0],
  [
    'one that adapts itself',
    '<style>@media (max-width: 600px) { td { width: 100% } }</style><table width="640"></table>',
    0,
  ],
])('the width that a mail was designed for: %s', (_, html, width) => {
  expect(mailDocument(html, { images: 'blocked' }).width).toBe(width)
})
